;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Mailboxes: queues that grow. An object is taken at the instant in which a read is about to return it, never
;;;; before a wait: a process that is killed while it waits has taken nothing.

(in-package :portable-mp)

(defstruct (mailbox (:constructor make-mailbox-object) (:predicate mailbox-p) (:copier nil))
  name
  (lock (make-lock))
  condition          ; of that lock: something was added or taken
  (head '())         ; the objects, the oldest one first
  (last nil)         ; the last cons of head
  (held 0)           ; how many they are
  (room 0))          ; how many fit before it grows

(defmethod print-object ((mailbox mailbox) stream)
  (print-unreadable-object (mailbox stream :type t :identity t)
    (format stream "~@[~a~]" (mailbox-name mailbox))))

(defun make-mailbox (&key (size 10) (name nil))
  "An empty mailbox, for SIZE objects at first. A size of nil is the default."
  (check-type size (or null (integer 1)))
  (let ((mailbox (make-mailbox-object :name name :room (or size 10))))
    (setf (mailbox-condition mailbox) (make-condition-for (mailbox-lock mailbox)))
    mailbox))

(defun check-mailbox (object)
  (unless (mailbox-p object) (error 'type-error :datum object :expected-type 'mailbox))
  object)

(defmacro with-mailbox ((mailbox) &body body)
  `(with-lock ((mailbox-lock (check-mailbox ,mailbox))) ,@body))

;;; Within the lock.

(defun full-p (mailbox) (>= (mailbox-held mailbox) (mailbox-room mailbox)))

(defun add (mailbox object)
  (let ((new (list object)))
    (if (mailbox-head mailbox)
        (setf (cdr (mailbox-last mailbox)) new)
        (setf (mailbox-head mailbox) new))
    (setf (mailbox-last mailbox) new
          (mailbox-held mailbox) (1+ (mailbox-held mailbox))
          (mailbox-room mailbox) (max (mailbox-room mailbox) (mailbox-held mailbox))))
  ;; All are woken: one that is killed at this moment would keep it from the others.
  (notify-all (mailbox-condition mailbox)))

(defun take (mailbox)
  "A list of the oldest object, or nil where there is none."
  (when (mailbox-head mailbox)
    (decf (mailbox-held mailbox))
    (notify-all (mailbox-condition mailbox))
    (list (pop (mailbox-head mailbox)))))

(defun wake (mailbox) (with-mailbox (mailbox) (notify-all (mailbox-condition mailbox))))

;;; For users.

(defun mailbox-send (mailbox object)
  (with-mailbox (mailbox) (add mailbox object))
  object)

(defun wait-in (mailbox attempt timeout &optional stop)
  (wait-until (mailbox-lock (check-mailbox mailbox)) (mailbox-condition mailbox)
              (lambda () (funcall attempt mailbox))
              :deadline (deadline timeout) :stop stop))

(defun mailbox-read (mailbox &optional wait-reason timeout)
  "The oldest object and t; nil and nil where TIMEOUT seconds have brought none."
  (declare (ignore wait-reason))
  (let ((taken (wait-in mailbox #'take timeout)))
    (values (first taken) (and taken t))))

(defun mailbox-peek (mailbox)
  (with-mailbox (mailbox)
    (values (first (mailbox-head mailbox)) (and (mailbox-head mailbox) t))))

(defun mailbox-wait (mailbox &optional wait-reason timeout)
  (declare (ignore wait-reason))
  (and (wait-in mailbox #'mailbox-head timeout) t))

(defun mailbox-count (mailbox) (with-mailbox (mailbox) (mailbox-held mailbox)))
(defun mailbox-empty-p (mailbox) (zerop (mailbox-count mailbox)))
(defun mailbox-not-empty-p (mailbox) (plusp (mailbox-count mailbox)))
(defun mailbox-size (mailbox)
  "How many objects fit, those that are there among them. It never shrinks."
  (with-mailbox (mailbox) (mailbox-room mailbox)))
(defun mailbox-full-p (mailbox) (with-mailbox (mailbox) (full-p mailbox)))
