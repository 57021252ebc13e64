;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Mailboxes: the host's own, and what is built around them.
;;;;
;;;; SBCL's grow without bound and have no size, so sizes and limits are the adapter's. ECL's are
;;;; rings of a fixed size, a power of two, in which a send waits while they are full; how many
;;;; objects they hold can't be asked, so the adapter counts. Its own waits are not for those who
;;;; may be killed: a kill between an object and the count of it leaves a wrong one, and one that
;;;; comes as mp:mailbox-read finds an object leaves the ring out of step, or ends ECL 21.2.1. So
;;;; the adapter looks, and sends and reads where that doesn't wait.

(in-package :mpcheck-adapter)

(declaim (ftype function try-send)) ; sends.lisp

(defvar *mailboxes-lock* (make-lock) "Held where a look at a mailbox and a change must be one.")
#+ecl (defvar *held* (make-hash-table :test 'eq) "Objects in each mailbox.")

(defparameter *default-size* 4)

(defun make-host-mailbox (size name)
  #+sbcl (let ((mailbox (sb-concurrency:make-mailbox :name name)))
           (check-type size (or null (integer 0)))
           (with-lock (*mailboxes-lock*)
             (setf (gethash mailbox (system-sizes *system*)) (or size *default-size*)))
           mailbox)
  #+ecl (let ((name (or name "mailbox")))
          (if size (mp:make-mailbox :name name :count size) (mp:make-mailbox :name name))))

(defun host-empty-p (mailbox)
  #+sbcl (sb-concurrency:mailbox-empty-p mailbox)
  #+ecl (mp:mailbox-empty-p mailbox))

(defun host-count (mailbox)
  #+sbcl (sb-concurrency:mailbox-count mailbox)
  #+ecl (progn (check-type mailbox mp:mailbox) (values (gethash mailbox *held* 0))))

(defun try-read (mailbox)
  "A list of the oldest object, or nil where there is none."
  #+sbcl (multiple-value-bind (object read) (sb-concurrency:receive-message-no-hang mailbox)
           (and read (list object)))
  #+ecl (with-lock (*mailboxes-lock*)
          (unless (mp:mailbox-empty-p mailbox)
            (prog1 (list (mp:mailbox-try-read mailbox))
              (decf (gethash mailbox *held* 0))))))

(defun size (mailbox)
  #+sbcl (max (gethash mailbox (system-sizes *system*) *default-size*) (host-count mailbox))
  #+ecl (mp:mailbox-count mailbox))

(define-operation "make-mailbox" :native () (size name) (make-host-mailbox size name))
(claim "make-mailbox :size" #+sbcl :composed #+ecl :native)
(claim "make-mailbox :name" :native)

(define-operation "mailbox-send" #+sbcl :native #+ecl :composed (mailbox object) ()
  #+sbcl (sb-concurrency:send-message mailbox object)
  #+ecl (progn (wait-for (lambda () (try-send mailbox object nil)) nil)
               (values)))

(define-operation "mailbox-read" #+sbcl :native #+ecl :composed
    (mailbox &optional reason timeout) ()
  (declare (ignore reason))
  (cond #+sbcl ((null timeout) (values (sb-concurrency:receive-message mailbox) t))
        ;; SBCL 2.2.9 signals a TYPE-ERROR for a timeout of 0.
        #+sbcl ((not (and (realp timeout) (<= timeout 0)))
                (sb-concurrency:receive-message mailbox :timeout timeout))
        (t (let ((found (wait-for (lambda () (try-read mailbox)) timeout)))
             (values (first found) (and found t))))))

(define-operation "mailbox-empty-p" :native (mailbox) () (and (host-empty-p mailbox) t))
(define-operation "mailbox-not-empty-p" :composed (mailbox) () (not (host-empty-p mailbox)))
(define-operation "mailbox-count" #+sbcl :native #+ecl :composed (mailbox) () (host-count mailbox))
(define-operation "mailbox-size" #+sbcl :composed #+ecl :native (mailbox) () (size mailbox))
(define-operation "mailbox-full-p" :composed (mailbox) () (>= (host-count mailbox) (size mailbox)))

#+sbcl
(define-operation "mailbox-peek" :composed (mailbox) ()
  (let ((objects (sb-concurrency:list-mailbox-messages mailbox)))
    (values (first objects) (and objects t))))

(define-operation "mailbox-wait" :composed (mailbox &optional reason timeout) ()
  (declare (ignore reason))
  (wait-for (lambda () (not (host-empty-p mailbox))) timeout))
