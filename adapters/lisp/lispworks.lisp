;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for LispWorks, whose package MP has the documented functions:
;;;;
;;;;   mpcheck run -- lispworks-console -init - -siteinit - -load adapters/lisp/lispworks.lisp
;;;;
;;;; It has not been run on LispWorks, which nobody here has. stubs/lispworks.lisp gives SBCL a package MP that exports
;;;; what this uses, with the lambda lists that were found in the manual, over the portable layer; there it passes smoke and
;;;; the cases. That proves that each call fits its lambda list, and that the kit works with nothing else. It doesn't prove that
;;;; LispWorks does as documented, which is what mpcheck is for, nor the lines of platform.lisp for LispWorks: descriptors,
;;;; the environment, the exit.
;;;;
;;;; Of what it uses this was seen on no page: that mp:process and mp:mailbox are types that MP exports; the kit asks
;;;; by them whether an object is a process or a mailbox, with typep.

(unless (boundp 'cl-user::*mpcheck-adapter-parts*)
  (load (merge-pathnames "parts.lisp" *load-truename*)))

(defparameter cl-user::*documented-package* :mp)
(defparameter cl-user::*documented-how* :native)

(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "documented" "documented-locks")
                               (cl-user::mpcheck-files '("documented-operations"))))

(in-package :mpcheck-adapter)

(setf *capabilities* #("core" "dbg")
      *profile* #("lispworks-8" "lispworks-7:EVENT")
      ;; A process that would enter the debugger, where nobody waits for it, ends.
      *debugger-hook* (lambda (condition hook)
                        (declare (ignore condition hook))
                        (host current-process-kill)
                        (abort)))

(if (host get-current-process)
    (serve)
    (host initialize-multiprocessing "mpcheck reader" '() 'serve))
