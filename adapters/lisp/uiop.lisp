;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for UIOP's run-program and launch-program, on SBCL, whose ASDF has UIOP:
;;;;
;;;;   mpcheck run --select EXT --known adapters/lisp/known-uiop.txt -- sbcl --script adapters/lisp/uiop.lisp
;;;;
;;;; operation                what answers it
;;;; run                      uiop:run-program with :ignore-error-status t: its third value is the code
;;;; start                    uiop:launch-program
;;;; process-input-stream     uiop:process-info-input; so process-info-output, process-info-error-output
;;;; process-p, process-id    the type of what launch-program returns; uiop:process-info-pid
;;;; process-status           uiop:process-alive-p, then uiop:wait-process: it has a code for every end
;;;; signal-process           nothing: uiop:terminate-process sends 15, or 9 where it is urgent, and no other
;;;; signal-mapping           nothing
;;;; :environment, :status-hook    nothing
;;;;
;;;; All else is as in adapter.lisp.

(require :asdf)
(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)

(cl-user::mpcheck-load cl-user::*mpcheck-adapter-parts*)

(in-package :mpcheck-adapter)

(defun redirection (value)
  "What UIOP calls that which VALUE means: its t is the Lisp's stream, and :interactive what a child inherits."
  (if (eq value t) :interactive value))

(defun uiop-keywords (keys)
  "KEYS by the names that UIOP has for them."
  (loop for (key value) on keys by #'cddr
        append (list (case key
                       (:error :error-output)
                       (:if-error-exists :if-error-output-exists)
                       (t key))
                     (if (member key '(:input :output :error)) (redirection value) value))))

(define-operation "run" :native (program arguments) (&rest keys)
  (values :exited
          (nth-value 2 (apply #'uiop:run-program (cons program arguments) :ignore-error-status t
                              (uiop-keywords keys)))))

(define-operation "start" :native (program arguments) (&rest keys)
  (apply #'uiop:launch-program (cons program arguments) (uiop-keywords keys)))

(define-operation "process-input-stream" :native (process) () (uiop:process-info-input process))
(define-operation "process-output-stream" :native (process) () (uiop:process-info-output process))
(define-operation "process-error-stream" :native (process) () (uiop:process-info-error-output process))
(define-operation "process-p" :native (object) () (typep object 'uiop/launch-program::process-info))
(define-operation "process-id" :native (process) () (uiop:process-info-pid process))

(define-operation "process-status" :native (process) ()
  (if (uiop:process-alive-p process)
      (values :running nil)
      (values :exited (uiop:wait-process process))))

(defun not-of-uiop (claim)
  (member (car claim) '("signal-process" "start :status-hook" "run :environment" "run :replace-environment-p"
                        "start :environment" "start :replace-environment-p")
          :test #'string=))

(setf *claims* (remove-if #'not-of-uiop *claims*)
      *name* (format nil "UIOP on ~a" (lisp-implementation-type))
      *version* uiop:*uiop-version*)

(serve)
