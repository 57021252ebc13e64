;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Events: anything that is read from a mailbox. Neither host has this kind of wait.

(in-package :mpcheck-adapter)

(defun wait-for-event (mailbox wait-function no-hang-p)
  "The oldest object, or nil where the wait ended without one."
  (first (wait-for (lambda ()
                     (or (try-read mailbox)
                         (and (or no-hang-p (and wait-function (holds wait-function))) '(nil))))
                   nil)))

(define-operation "mailbox-wait-for-event" :composed (mailbox)
    (wait-reason wait-function process-other-messages-p no-hang-p stop-at-user-operation-p)
  (declare (ignore wait-reason process-other-messages-p stop-at-user-operation-p))
  (wait-for-event mailbox wait-function no-hang-p))

(define-operation "process-wait-for-event" :composed ()
    (wait-reason wait-function process-other-messages-p no-hang-p stop-at-user-operation-p)
  (declare (ignore wait-reason process-other-messages-p stop-at-user-operation-p))
  (wait-for-event (mailbox-of (life-of (self))) wait-function no-hang-p))
(claim "process-wait-for-event :wait-function" :composed)
(claim "process-wait-for-event :no-hang-p" :composed)
