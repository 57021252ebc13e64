;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for ABCL's threads and mailboxes, as its package THREADS exports them:
;;;;
;;;;   mpcheck run --select PROC --select MBOX -- abcl --batch --noinit --noinform --load adapters/lisp/abcl.lisp
;;;;
;;;; operation                   what answers it, all of package threads
;;;; process-run-function        make-thread
;;;; get-current-process         current-thread
;;;; list-all-processes          mapcar-threads; processes-count is its length
;;;; process-name                thread-name
;;;; process-alive-p             thread-alive-p
;;;; process-kill                nothing: destroy-thread runs no form of unwind-protect and leaves locks held; so the adapter's interrupts
;;;;                             the thread by interrupt-thread and has it throw: composed
;;;; process-join                thread-join; it takes no time-out, so with one the adapter looks at thread-alive-p: composed
;;;; process-interrupt           interrupt-thread
;;;; make-mailbox                make-mailbox, which knows no size
;;;; mailbox-send                mailbox-send
;;;; mailbox-read                mailbox-read; it takes no time-out, so with one the adapter looks at mailbox-empty-p: composed
;;;; mailbox-empty-p             mailbox-empty-p
;;;; mailbox-peek                nothing: its mailbox-peek waits for an object
;;;; current-process-kill        nothing: a throw, composed
;;;; get-process, find-process-from-name, priorities, cleanups    nothing

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)
(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "threads" "host") (cl-user::mpcheck-files '("lives"))))

(in-package :mpcheck-adapter)

(setf *name* "ABCL"
      *capabilities* #("core" "dbg")
      *profile* #("lispworks-8:PROC" "lispworks-8:MBOX"))

(defun host-empty-p (mailbox) (threads:mailbox-empty-p mailbox))

(defun start-process (name function &optional (run function))
  "It is registered from here, under the lock with which it looks who it is."
  (let ((life (make-life :function function))
        (system *system*))
    (with-lock ((system-lock system))
      (let ((thread (make-thread name (lambda ()
                                        (unwind-protect (with-unhandled (funcall run))
                                          (setf (life-phase life) :dead))))))
        (setf (gethash thread (system-lives system)) life)
        thread))))

(define-operation "process-run-function" :native (name keywords function &rest arguments) ()
  (when keywords (error "make-thread knows none of ~s." keywords))
  (start-process name function (lambda () (apply function arguments))))

(define-operation "get-current-process" :native () () (self))
(define-operation "list-all-processes" :native () () (all-threads))
(define-operation "processes-count" :composed () () (length (all-threads)))
(define-operation "process-name" :native (process) () (thread-name process))
(define-operation "process-alive-p" :native (process) () (thread-alive-p process))
(define-operation "process-kill" :composed (process) () (interrupt process #'end-this-thread) nil)
(define-operation "current-process-kill" :composed () () (end-this-thread))
(define-operation "process-join" :composed (process) (timeout)
  (cond (timeout (check-type timeout real)
                 (and (wait-for (lambda () (not (thread-alive-p process))) timeout) t))
        (t (threads:thread-join process) t)))

(define-operation "process-interrupt" :native (process function &rest arguments) ()
  (interrupt process (interruption function arguments))
  nil)

(define-operation "make-mailbox" :native () () (threads:make-mailbox))
(define-operation "mailbox-send" :native (mailbox object) () (threads:mailbox-send mailbox object))
(define-operation "mailbox-empty-p" :native (mailbox) () (and (threads:mailbox-empty-p mailbox) t))
(define-operation "mailbox-not-empty-p" :composed (mailbox) () (not (threads:mailbox-empty-p mailbox)))
(define-operation "mailbox-read" :composed (mailbox &optional reason timeout) ()
  (declare (ignore reason))
  (cond ((null timeout) (values (threads:mailbox-read mailbox) t))
        ((wait-for (lambda () (not (threads:mailbox-empty-p mailbox))) timeout)
         (values (threads:mailbox-read mailbox) t)) ; perhaps another's turn: then it waits for the next
        (t (values nil nil))))

(serve)
