;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Sends with a limit, and sends to processes: built by the adapter.

(in-package :mpcheck-adapter)

(defun try-send (mailbox object limit)
  "True where OBJECT was added: where there is room, or MAILBOX may grow to LIMIT, or without one."
  (with-lock (*mailboxes-lock*)
    (let ((count (host-count mailbox)))
      #+sbcl (when (or (null limit) (< count (max (size mailbox) limit)))
               (sb-concurrency:send-message mailbox object)
               (setf (gethash mailbox (system-sizes *system*)) (max (size mailbox) (1+ count)))
               t)
      ;; ECL's can't grow. It has room here, so that the send doesn't wait.
      #+ecl (when (< count (size mailbox))
              (mp:mailbox-send mailbox object)
              (setf (gethash mailbox *held*) (1+ count))
              t))))

(define-operation "mailbox-send-limited" :composed
    (mailbox object limit &optional timeout reason stop &rest arguments) ()
  (declare (ignore reason arguments)) ; A predicate takes no arguments.
  (let ((sent nil))
    (wait-for (lambda ()
                (or (setf sent (try-send mailbox object limit))
                    (and stop (holds stop))))
              timeout)
    sent))

(defun own-mailbox (life)
  "The process's mailbox, made where there is none. The lock of LIFE is held."
  (or (life-mailbox life)
      (setf (life-mailbox life) (make-host-mailbox nil "process mailbox"))))

(defun mailbox-of (life) (with-lock ((life-lock life)) (own-mailbox life)))

(claim "process-run-function :mailbox" :composed)

(define-operation "process-mailbox" :composed (process) () (life-mailbox (life-of process)))

(define-operation "set-process-mailbox" :composed (process mailbox) ()
  (check-type mailbox (or null (satisfies mailbox-p)))
  (let ((life (life-of process)))
    (with-lock ((life-lock life)) (setf (life-mailbox life) mailbox))))

(defun try-send-to-process (life object limit)
  "True where OBJECT was added; :dead where the process is dead. The two are one look: what is put
in a mailbox is put there while the process lives and the mailbox is its own."
  (with-lock ((life-lock life))
    (if (eq (life-phase life) :dead)
        :dead
        (try-send (own-mailbox life) object limit))))

(define-operation "process-send" :composed (process object)
    (change-priority limit timeout error-if-dead-p)
  (declare (ignore change-priority)) ; Neither host has priorities.
  (check-type limit (or null (integer 1)))
  (when limit (check-type timeout (or null (real 0))))
  (let* ((life (life-of process))
         (sent (wait-for (lambda () (try-send-to-process life object limit)) (and limit timeout))))
    (when (and (eq sent :dead) error-if-dead-p)
      (cerror "Return false." "The process ~a is dead." (thread-name process)))
    (eq sent t)))
