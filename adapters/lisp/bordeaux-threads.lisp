;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for bordeaux-threads, the library, on SBCL, where ASDF finds it:
;;;;
;;;;   mpcheck run --select PROC --select BIND -- sbcl --script adapters/lisp/bordeaux-threads.lisp
;;;;
;;;; operation                   what answers it
;;;; process-run-function        bt:make-thread
;;;; get-current-process         bt:current-thread
;;;; list-all-processes          bt:all-threads; processes-count is its length
;;;; process-name                bt:thread-name
;;;; process-alive-p             bt:thread-alive-p
;;;; process-kill                bt:destroy-thread
;;;; process-join                bt:join-thread; it takes no time-out, so with one the adapter looks at bt:thread-alive-p: composed
;;;; process-interrupt           bt:interrupt-thread
;;;; MP:*process-initial-bindings*   bt:*default-special-bindings*
;;;; current-process-kill, get-process, find-process-from-name, priorities, cleanups, mailboxes    nothing
;;;;
;;;; The values of symbols, and let, are the Lisp's own.

(require :asdf)
(handler-bind ((warning #'muffle-warning))
  (let ((*standard-output* (make-broadcast-stream))) (asdf:load-system :bordeaux-threads)))

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)
(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "threads" "host")
                               (cl-user::mpcheck-files '("lives" "bindings"))))

(in-package :mpcheck-adapter)

(setf *name* "bordeaux-threads"
      *version* (asdf:component-version (asdf:find-system :bordeaux-threads))
      *capabilities* #("core" "dbg")
      ;; It says of its bindings what its own manual says, and not what LispWorks' does.
      *profile* #("lispworks-8:PROC")
      *stand-ins* '(("MP:*PROCESS-INITIAL-BINDINGS*" . bt:*default-special-bindings*))
      ;; A thread that would enter the debugger, where nobody waits for it, ends: perhaps in a binding's form.
      sb-ext:*invoke-debugger-hook* (lambda (condition hook)
                                      (declare (ignore condition hook))
                                      (end-this-thread)))

(push (lambda ()
        (setf (sb-ext:symbol-global-value 'bt:*default-special-bindings*) '())
        0)
      *enders*)

(defun host-empty-p (mailbox) (error "~a is no mailbox." mailbox))

(defun start-process (name function &optional (run function))
  "The thread evaluates the forms of its bindings before it runs anything of the adapter's, and they may call code of the
harness. So it is registered from here, under the lock with which it looks who it is; and nobody waits for its begin."
  (let ((life (make-life :function function))
        (system *system*))
    (with-lock ((system-lock system))
      (let ((thread (bt:make-thread (lambda ()
                                      (unwind-protect (with-unhandled (funcall run))
                                        (setf (life-phase life) :dead)))
                                    :name name)))
        (setf (gethash thread (system-lives system)) life)
        thread))))

(define-operation "process-run-function" :native (name keywords function &rest arguments) ()
  (when keywords (error "make-thread knows none of ~s." keywords))
  (start-process name function (lambda () (apply function arguments))))

(define-operation "get-current-process" :native () () (bt:current-thread))
(define-operation "list-all-processes" :native () () (bt:all-threads))
(define-operation "processes-count" :composed () () (length (bt:all-threads)))
(define-operation "process-name" :native (process) () (bt:thread-name process))
(define-operation "process-alive-p" :native (process) () (and (bt:thread-alive-p process) t))
(define-operation "process-kill" :native (process) () (bt:destroy-thread process) nil)
(define-operation "process-join" :composed (process) (timeout)
  (cond (timeout (check-type timeout real)
                 (and (wait-for (lambda () (not (bt:thread-alive-p process))) timeout) t))
        (t (bt:join-thread process) t)))

(define-operation "process-interrupt" :native (process function &rest arguments) ()
  (bt:interrupt-thread process (interruption function arguments))
  nil)

(serve)
