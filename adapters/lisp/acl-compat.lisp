;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for acl-mp, Allegro CL's processes as the library acl-compat has them, on SBCL, where ASDF finds it:
;;;;
;;;;   mpcheck run --select PROC --known adapters/lisp/known-acl-compat.txt -- sbcl --script adapters/lisp/acl-compat.lisp
;;;;
;;;; operation                   what answers it, all of package acl-compat.mp
;;;; process-run-function        process-run-function
;;;; get-current-process         current-process
;;;; process-name                process-name
;;;; process-alive-p             process-active-p
;;;; process-kill                process-kill; current-process-kill is that of current-process
;;;; process-interrupt           process-interrupt, which hands no arguments on
;;;; process-wait, process-wait-with-timeout    the same
;;;; list-all-processes, get-process, process-join, priorities    nothing that is exported and defined
;;;; cleanups, mailboxes         nothing
;;;; reap-os-subprocess          acl-compat.system:reap-os-subprocess; there is no run-shell-command whose children it could reap

(require :asdf)
(handler-bind ((warning #'muffle-warning))
  (let ((*standard-output* (make-broadcast-stream))
        (*error-output* (make-broadcast-stream)))
    (asdf:load-system :acl-compat)))

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)
(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "threads" "host" "acl-compat-threads")))

(in-package :mpcheck-adapter)

(setf *name* "acl-compat"
      *version* "20190720" ; of Debian's package: its own files name none
      *capabilities* #("core" "dbg")
      *profile* #("lispworks-8:PROC")
      ;; A process that would enter the debugger, where nobody waits for it, ends.
      sb-ext:*invoke-debugger-hook* (lambda (condition hook)
                                      (declare (ignore condition hook))
                                      (end-this-thread)))

(defun start-process (name function &rest arguments)
  (without-interrupts
    (let ((process (apply #'acl-compat.mp:process-run-function name function arguments)))
      (with-lock ((system-lock *system*))
        (setf (gethash process (system-lives *system*)) (acl-compat.mp::process-id process)))
      process)))

(define-operation "process-run-function" :native (name keywords function &rest arguments) ()
  (when keywords (error "None of ~s is known." keywords))
  (apply #'start-process name (if (symbolp function) (symbol-function function) function) arguments))

(define-operation "get-current-process" :native () () (acl-compat.mp:current-process))
(define-operation "process-name" :native (process) () (acl-compat.mp:process-name process))
(define-operation "process-alive-p" :native (process) () (and (acl-compat.mp:process-active-p process) t))
(define-operation "process-kill" :native (process) () (acl-compat.mp:process-kill process) nil)
(define-operation "current-process-kill" :composed () ()
  (acl-compat.mp:process-kill (acl-compat.mp:current-process)))

(define-operation "process-interrupt" :native (process function &rest arguments) ()
  (acl-compat.mp:process-interrupt process (interruption function arguments))
  nil)

(define-operation "process-wait" :native (reason predicate) ()
  (acl-compat.mp:process-wait reason (lambda () (or (holds predicate) (system-closed *system*)))))
(define-operation "process-wait-with-timeout" :native (reason timeout predicate) ()
  (acl-compat.mp:process-wait-with-timeout reason timeout (lambda () (holds predicate))))

(serve)
