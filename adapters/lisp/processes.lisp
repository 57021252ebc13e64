;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Processes: their beginning, their end, and how they are found.

(in-package :mpcheck-adapter)

(declaim (ftype function run-cleanups make-host-mailbox)) ; cleanups.lisp, mailboxes.lisp

(defun start-process (name function &key (run function) mailbox)
  "A process named NAME that calls RUN, then does its cleanups. FUNCTION is what it is said to run."
  (let* ((life (make-life :function function :mailbox mailbox))
         (system *system*)
         (begun (make-semaphore)))
    (prog1 (make-thread name (lambda () (live life system begun run)))
      ;; Nobody has the process before this returns. So a kill can't come while its thread is being
      ;; made, where the host has nothing yet that would notice it.
      (wait-on-semaphore begun))))

(defun live (life system begun run)
  (protecting-twice
      (progn
        (with-lock ((system-lock system)) (setf (gethash (self) (system-lives system)) life))
        (signal-semaphore begun)
        (with-unhandled (funcall run)))
    ;; Interrupts are off: a kill that comes now finds that the process is ending already.
    ((with-lock ((life-lock life)) (setf (life-phase life) :cleanup)))
    (when (fboundp 'run-cleanups) ; cleanups.lisp, or an author's
      (catch 'cleanup-form (with-unhandled (run-cleanups life))))
    (with-lock ((life-lock life)) (setf (life-phase life) :dead))))

(define-operation "process-run-function" :native (name keywords function &rest arguments) ()
  (destructuring-bind (&key mailbox) keywords
    (start-process name function
                   :run (lambda () (apply function arguments))
                   :mailbox (etypecase mailbox
                              (null nil)
                              ((satisfies mailbox-p) mailbox)
                              (string (make-host-mailbox nil mailbox))
                              ((eql t) (make-host-mailbox nil name))))))

;;; Ends.

(defun end-here ()
  "What a kill has the target do: unwind where it stands, unless it does its cleanups already."
  (when (eq (phase-of (self)) :running)
    (end-this-thread)))

(define-operation "current-process-kill" :native () () (end-here) nil)

(define-operation "process-kill" :native (process) ()
  (when (eq (phase-of process) :running)
    (interrupt process #'end-here))
  nil)

(defun join (process timeout)
  ;; SBCL 2.2.9 signals a TYPE-ERROR for a timeout of 0.
  #+sbcl (when (and (realp timeout) (<= timeout 0))
           (return-from join (not (thread-alive-p process))))
  #+sbcl (handler-case (progn (if timeout
                                  (sb-thread:join-thread process :timeout timeout)
                                  (sb-thread:join-thread process))
                              t)
           (sb-thread:join-thread-error (condition)
             (ecase (sb-thread::join-thread-problem condition)
               (:timeout nil)
               (:abort t)
               (:self-join (error "A process can't join itself.")))))
  ;; ECL's process-join takes no timeout.
  #+ecl (if timeout
            (and (wait-for (lambda () (not (thread-alive-p process))) timeout) t)
            (progn (mp:process-join process) t)))

(define-operation "process-join" :native (process) (timeout) (join process timeout))

(define-operation "process-terminate" :composed (process) (join-timeout force-timeout)
  (declare (ignore force-timeout)) ; No method of terminating is offered that could fail.
  (when (eq (phase-of process) :running)
    ;; It may die meanwhile, and then the host signals an error.
    (handler-case (interrupt process #'end-here)
      (error (condition) (when (thread-alive-p process) (error condition)))))
  (if join-timeout (join process join-timeout) 0))

;;; Finding.

(define-operation "process-alive-p" :native (process) () (thread-alive-p process))
(define-operation "get-current-process" :native () () (self))
(define-operation "list-all-processes" :native () () (all-threads))
(define-operation "processes-count" :composed () () (length (all-threads)))
(define-operation "process-name" :native (process) () (thread-name process))

(defun process-with-name (name)
  (find name (all-threads) :key #'thread-name :test #'equal))

(defun process-that-runs (function)
  (find-if (lambda (process)
             (and (eq (life-function (life-of process)) function) (not (dead-p process))))
           (processes)))

(define-operation "get-process" :composed (designator) ()
  (etypecase designator
    ((satisfies thread-p) designator)
    (string (process-with-name designator))
    (symbol (or (process-with-name (symbol-name designator))
                (process-that-runs designator)))
    (function (process-that-runs designator))))

(define-operation "find-process-from-name" :composed (name) ()
  (check-type name string)
  (process-with-name name))

;;; An interrupt runs its function nested in whatever the process does, which then goes on.

(define-operation "process-interrupt" :native (process function &rest arguments) ()
  (interrupt process (interruption function arguments))
  nil)

;;; Waiting.

(define-operation "process-wait" :composed (reason predicate) ()
  (declare (ignore reason))
  (wait-for (lambda () (holds predicate)) nil))

(define-operation "process-wait-with-timeout" :composed (reason timeout predicate) ()
  (declare (ignore reason))
  (wait-for (lambda () (holds predicate)) timeout))
