;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Events: whatever is read from a process's mailbox. Its reader says what it means.

(in-package :portable-mp)

(defun wait-for-event (mailbox wait-function no-hang-p)
  "A list of the oldest object, or nil."
  (wait-in mailbox #'take (and no-hang-p 0)
           (and wait-function (lambda () (funcall wait-function mailbox)))))

(defun mailbox-wait-for-event (mailbox &key wait-reason wait-function (process-other-messages-p t) no-hang-p
                                         stop-at-user-operation-p)
  "The oldest object; nil where WAIT-FUNCTION, called with the mailbox, is true before there is one, or where there is none
and NO-HANG-P is true. The other keywords mean nothing here."
  (declare (ignore wait-reason process-other-messages-p stop-at-user-operation-p))
  (values (first (wait-for-event mailbox wait-function no-hang-p))))

(defun current-mailbox () (ensure-mailbox (or *process* (error "No process runs here."))))

(defun process-wait-for-event (&rest keywords &key wait-reason wait-function (process-other-messages-p t) no-hang-p
                                                stop-at-user-operation-p)
  (declare (ignore wait-reason wait-function process-other-messages-p no-hang-p stop-at-user-operation-p))
  (apply #'mailbox-wait-for-event (current-mailbox) keywords))

(defgeneric general-handle-event (event)
  (:documentation "Calls a function, applies a list's car to its cdr, calls a symbol that names a function; else nothing.")
  (:method ((event t)) nil)
  (:method ((event list)) (apply (first event) (rest event)))
  (:method ((event symbol)) (when (fboundp event) (funcall event)))
  (:method ((event function)) (funcall event)))

(defun process-all-events ()
  "True where there was any."
  (loop with mailbox = (current-mailbox)
        for event = (wait-for-event mailbox nil t)
        while event
        do (general-handle-event (first event))
        count t into events
        finally (return (plusp events))))

(defun wait-processing-events (timeout &key wait-reason wait-function wait-args)
  "Handles events until WAIT-FUNCTION is true, which gives t, or TIMEOUT seconds have passed, nil."
  (declare (ignore wait-reason))
  (loop with mailbox = (current-mailbox)
        with deadline = (deadline timeout)
        with done = nil
        do (when (and wait-function (apply wait-function wait-args)) (return t))
           (let ((event (wait-in mailbox #'take (left deadline)
                                 (and wait-function
                                      (lambda () (setf done (apply wait-function wait-args)))))))
             (cond (event (general-handle-event (first event)))
                   (done (return t))
                   ((and deadline (<= (left deadline) 0)) (return nil))))))
