;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Cleanups: neither host has any, so all of this is the adapter's.

(in-package :mpcheck-adapter)

(define-operation "ensure-process-cleanup" :composed (form &optional legacy)
    ((priority 0) force (process nil process-p))
  (check-type priority (integer -1000000 1000000))
  (when (and legacy process-p) (error "The process is given twice."))
  (register form priority force (or (if process-p process legacy) (self))))

(defun register (form priority force process)
  "True where FORM was added or moved; nil where it is there with this priority already. An error is signalled once the lock
is free: a handler may register too."
  (let ((life (life-of process)) (answer nil) (refusal nil))
    (with-lock ((life-lock life))
      (let ((old (find form (life-cleanups life) :key #'second :test #'equal)))
        (cond ((not (eq (life-phase life) :running))
               (setf refusal (format nil "~a is ending or dead: the cleanup would not run." process)))
              ((and old (= (first old) priority)))
              ((and old (not force))
               (setf refusal (format nil "The cleanup is registered with priority ~d." (first old))))
              (t (setf (life-cleanups life)
                       (cons (list priority form) (remove old (life-cleanups life)))
                       answer t)))))
    (when refusal (error "~a" refusal))
    answer))

(defun run-cleanups (life)
  "By the ending process itself, in ascending priority, equal ones as they were registered. A form
that leaves by an error is over, and the next one runs. In a closed system nothing runs."
  (let ((cleanups (stable-sort (reverse (life-cleanups life)) #'< :key #'first)))
    (loop for (nil form) in cleanups
          until (system-closed *system*)
          do (catch 'cleanup-form
               (if (consp form)
                   (apply (car form) (self) (cdr form))
                   (funcall form (self)))))))

(define-operation "current-process-in-cleanup-p" :composed () ()
  (eq (phase-of (self)) :cleanup))
