;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Waiting: predicates, gates and time. A predicate is data, evaluated by the process that waits.
;;;; It looks again each millisecond, because neither host wakes a thread for a change of this kind.

(in-package :mpcheck-adapter)

(defun holds (predicate)
  (destructuring-bind (kind &rest parts) predicate
    (ecase kind
      (:always t)
      (:never nil)
      (:cell-is (equal (cell-value (first parts)) (second parts)))
      (:cell-not (not (equal (cell-value (first parts)) (second parts))))
      (:has-mail (not (host-empty-p (first parts))))
      (:and (every #'holds parts))
      (:or (some #'holds parts))
      (:recording ; The waiting process, then the evaluating one: they are the same.
       (let ((log (first parts)))
         (with-lock ((journal-lock log)) (push (list (self) (self)) (journal-entries log))))
       (holds (second parts))))))

(defun deadline (timeout) (and timeout (+ (now) (rational timeout))))

(defun passed-p (deadline) (and deadline (>= (now) deadline)))

(defun wait-for (test timeout)
  "The first true value of TEST, or nil when TIMEOUT seconds, if not nil, have passed."
  (loop with deadline = (deadline timeout)
        with system = *system*
        for value = (funcall test)
        do (cond (value (return value))
                 ((or (passed-p deadline) (system-closed system)) (return nil)))
           (sleep 1/1000)))

(define-operation "await" :native (predicate timeout) ()
  (and (wait-for (lambda () (holds predicate)) timeout) t))

(define-operation "pause" :native (seconds) () (sleep seconds) nil)

(define-operation "make-gate" :native () () (make-gate))
(define-operation "gate-open" :native (gate) () (setf (gate-open gate) t) nil)
(define-operation "gate-wait" :native (gate) () (wait-for (lambda () (gate-open gate)) nil) nil)
