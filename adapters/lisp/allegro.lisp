;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter for Allegro CL, on functions of its packages MP, SYS and EXCL, nearly all of them documented:
;;;;
;;;;   mpcheck run -- alisp -qq -L adapters/lisp/allegro.lisp
;;;;
;;;; operation                    what answers it
;;;; process-run-function         mp:process-run-function, which takes a name or options, and no keyword of these here
;;;; current-process-kill         mp:process-kill of mp:*current-process*
;;;; list-all-processes           mp:*all-processes*; processes-count, process-join by it
;;;; find-process-from-name       mp:process-name-to-process with :error nil
;;;; make-mailbox, mailbox-send   make-instance of mp:queue, mp:enqueue
;;;; mailbox-read                 mp:dequeue with :wait; mailbox-empty-p: mp:queue-empty-p
;;;; reap-os-subprocess, os-wait  sys:reap-os-subprocess, sys:os-wait
;;;; run-shell-command            excl:run-shell-command
;;;; cleanups, process-send, limits, events    nothing
;;;;
;;;; Of this some was seen on no page: that mp:process and mp:queue name types; the order of os-wait's two arguments,
;;;; of which reap-os-subprocess's page says only that they were optional ones.
;;;;
;;;; It has not been run on Allegro CL, which nobody here has: see the head of lispworks.lisp for what
;;;; stubs/allegro.lisp proves of it, and what not.

(unless (boundp 'cl-user::*mpcheck-adapter-parts*)
  (load (merge-pathnames "parts.lisp" *load-truename*)))

(defvar cl-user::*stub-files* '() "What stubs/allegro.lisp needs of the adapter's package.")
(cl-user::mpcheck-load (append (cl-user::mpcheck-kit "allegro-threads") cl-user::*stub-files*))

(in-package :mpcheck-adapter)

(setf *capabilities* #("core" "dbg" "posix")
      *profile* #("lispworks-8" "allegro-7+")
      ;; A process that would enter the debugger, where nobody waits for it, ends.
      *debugger-hook* (lambda (condition hook)
                        (declare (ignore condition hook))
                        (end-this-thread)))

;;; Processes. A system ends what it has made.

(defun processes () (with-lock ((system-lock *system*)) (copy-list (system-made *system*))))

(defun start-process (name function &rest arguments)
  (let ((system *system*))
    (without-interrupts
      (let ((process (apply #'mp:process-run-function name function arguments)))
        (with-lock ((system-lock system)) (push process (system-made system)))
        process))))

(define-operation "process-run-function" :native (name keywords function &rest arguments) ()
  (when keywords (error "No keyword is known: ~s." keywords))
  (apply #'start-process name function arguments))

(define-operation "get-current-process" :native () () (self))
(define-operation "current-process-kill" :composed () () (end-this-thread))
(define-operation "process-kill" :native (process) () (mp:process-kill process) nil)
(define-operation "process-interrupt" :native (process function &rest arguments) ()
  (mp:process-interrupt process (interruption function arguments))
  nil)
(define-operation "list-all-processes" :native () () (copy-list mp:*all-processes*))
(define-operation "processes-count" :composed () () (length mp:*all-processes*))
(define-operation "process-name" :native (process) () (mp:process-name process))
(define-operation "find-process-from-name" :native (name) ()
  (mp:process-name-to-process name :error nil))
(define-operation "process-wait" :native (reason predicate) ()
  (mp:process-wait reason (lambda () (holds predicate))))
(define-operation "process-wait-with-timeout" :native (reason timeout predicate) ()
  (mp:process-wait-with-timeout reason timeout (lambda () (holds predicate))))

(define-operation "process-join" :composed (process) (timeout)
  (check-type process mp:process)
  (flet ((gone () (not (thread-alive-p process))))
    (if timeout
        (and (mp:process-wait-with-timeout "its end" timeout #'gone) t)
        (progn (mp:process-wait "its end" #'gone) t))))

;;; Mailboxes.

(define-operation "make-mailbox" :native () () (make-instance 'mp:queue))
(define-operation "mailbox-send" :native (mailbox object) () (mp:enqueue mailbox object) nil)
(define-operation "mailbox-empty-p" :native (mailbox) () (mp:queue-empty-p mailbox))

(define-operation "mailbox-read" :native (mailbox &optional reason timeout) ()
  (let* ((none (list nil))
         (object (mp:dequeue mailbox :wait (or timeout t) :empty-queue-result none
                                     :whostate (or reason "dequeue"))))
    (if (eq object none) (values nil nil) (values object t))))

;;; Children.

(define-operation "reap-os-subprocess" :native () (&rest keys) (apply #'sys:reap-os-subprocess keys))
(define-operation "os-wait" :native (&optional (nowait nil) (pid -1)) () (sys:os-wait nowait pid))
(define-operation "run-shell-command" :native (command) (&rest keys)
  (apply #'excl:run-shell-command command keys))
(claim "run-shell-command :separate-streams" :native)

(serve)
