;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for the portable layer in portable/, on SBCL, ECL and ABCL:
;;;;
;;;;   mpcheck run -- sbcl --script adapters/lisp/portable.lisp
;;;;   mpcheck run -- ecl --norc --shell adapters/lisp/portable.lisp
;;;;   mpcheck run -- abcl --batch --noinit --noinform --load adapters/lisp/portable.lisp
;;;;
;;;; The layer knows nothing of mpcheck, and this maps each operation on the function of its name. All of it is
;;;; claimed as composed: the host has only threads, locks and interrupts.

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)
(load (merge-pathnames "portable/load.lisp" *load-truename*) :verbose nil)

(defparameter cl-user::*documented-package* :portable-mp)
(defparameter cl-user::*documented-how* :composed)

(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "documented" "host")
                               (cl-user::mpcheck-files '("documented-operations"))))

(in-package :mpcheck-adapter)

(setf *name* (concatenate 'string "portable-" #+sbcl "sbcl" #+ecl "ecl" #+abcl "abcl")
      *capabilities* #("core" "dbg")
      *profile* #("lispworks-8" "lispworks-7:EVENT")
      portable-mp:*unhandled-error* (constantly nil)) ; The harness is told what the process does.

(serve)
