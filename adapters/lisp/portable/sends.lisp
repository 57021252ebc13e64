;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Sends with a limit, and sends to processes.

(in-package :portable-mp)

(defun add-within (mailbox object limit)
  "True where OBJECT was added: there was room, or MAILBOX may grow to LIMIT objects, or without end where LIMIT is nil.
The lock is held."
  (when (or (null limit) (not (full-p mailbox)) (< (mailbox-room mailbox) limit))
    (add mailbox object)
    t))

(defun mailbox-send-limited (mailbox object limit &optional timeout wait-reason wait-function &rest arguments)
  (declare (ignore wait-reason))
  (check-type limit (integer 1))
  (wait-in mailbox (lambda (mailbox) (add-within mailbox object limit)) timeout
           (and wait-function (lambda () (apply wait-function arguments)))))

(defun process-mailbox (process)
  "Nil where it has none yet; to be set, to nil too."
  (check-process process)
  (with-lock ((process-lock process)) (process-own-mailbox process)))

(defun (setf process-mailbox) (mailbox process)
  (check-type mailbox (or null mailbox))
  (check-process process)
  (with-lock ((process-lock process)) (setf (process-own-mailbox process) mailbox)))

(defun ensure-mailbox (process)
  "Its mailbox, made where there is none; nil where the process has ended."
  (with-lock ((process-lock process))
    (unless (eq (process-phase process) :dead)
      (or (process-own-mailbox process)
          (setf (process-own-mailbox process) (make-mailbox :name (process-name process)))))))

(defun add-while-alive (process mailbox object limit)
  "As add-within; :dead where the process has ended. It can't end in between. Who waits in MAILBOX after that is woken by its end, also
where PROCESS has another mailbox by then."
  (with-lock ((process-lock process))
    (cond ((eq (process-phase process) :dead) :dead)
          ((with-mailbox (mailbox) (add-within mailbox object limit)))
          (t (pushnew mailbox (process-sent-to process))
             nil))))

(defun process-send (process object &key (change-priority :default) limit timeout error-if-dead-p)
  "True where OBJECT was put in the mailbox that PROCESS has at the call. TIMEOUT matters only with a LIMIT. A fixnum as
CHANGE-PRIORITY becomes the priority of PROCESS where it was sent; t and :default leave that as it is."
  (check-process process)
  (check-type change-priority (or fixnum null (eql t) (eql :default)))
  (check-type limit (or null (integer 1)))
  (when limit (check-type timeout (or null (real 0))))
  (let* ((deadline (deadline (and limit timeout)))
         (mailbox (ensure-mailbox process))
         (sent (if mailbox (send-before deadline process mailbox object limit) :dead)))
    (when (and (eq sent t) (integerp change-priority))
      (setf (process-priority process) change-priority))
    (when (and (eq sent :dead) error-if-dead-p)
      (cerror "Return false." "The process ~a is dead." (process-name process)))
    (eq sent t)))

(defun send-before (deadline process mailbox object limit)
  (loop
    (let ((sent (add-while-alive process mailbox object limit)))
      (cond (sent (return sent))
            ((not (wait-until (mailbox-lock mailbox) (mailbox-condition mailbox)
                              (lambda ()
                                (or (not (full-p mailbox)) (eq (process-phase process) :dead)))
                              :deadline deadline))
             (return nil))))))
