;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for the library external-program, on SBCL, where its user has loaded it already:
;;;;
;;;;   mpcheck run --select EXT -- sbcl --load WHAT-LOADS-IT.lisp --load adapters/lisp/external-program.lisp
;;;;
;;;; Each operation is answered by the library's function of that name, with the arguments as they
;;;; come; signal-mapping by its variable *signal-mapping*. All else is as in adapter.lisp.

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)

(cl-user::mpcheck-load cl-user::*mpcheck-adapter-parts*)

(in-package :mpcheck-adapter)

(defun of-library (name)
  (find-symbol name (or (find-package "EXTERNAL-PROGRAM")
                        (error "The library external-program is not loaded."))))

(defmacro define-of-library (&rest names)
  `(progn
     ,@(loop for name in names
             collect `(define-operation ,name :native (&rest arguments) (&rest keys)
                        (asking (apply (of-library ,(string-upcase name))
                                       (append arguments (with-carried-hook keys))))))))

(define-of-library "run" "start" "process-input-stream" "process-output-stream" "process-error-stream"
  "process-p" "process-id" "process-status" "signal-process")
(claim "start :status-hook" :native)

(define-operation "signal-mapping" :native () () (symbol-value (of-library "*SIGNAL-MAPPING*")))

(setf *name* (format nil "external-program on ~a" (lisp-implementation-type))
      *profile* #("external-program-source" "posix-waitpid")
      *refusal* (unless (find-package "EXTERNAL-PROGRAM")
                  "the library external-program is not loaded: load it before this file"))

(serve)
