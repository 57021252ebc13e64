;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Cleanups: forms that a process runs by itself as it ends, once it has unwound.

(in-package :portable-mp)

(defun ensure-process-cleanup (cleanup-form &rest arguments)
  "Registers a function, a symbol, or a list of one of them and further arguments: (ensure-process-cleanup form &key priority
force process), or as it was once, (ensure-process-cleanup form process). T where the form was added or moved, nil where it
is there with this priority already. An error for a process that does its cleanups or has ended: the form would not run."
  (multiple-value-bind (legacy keywords)
      (if (oddp (length arguments))
          (values (list (first arguments)) (rest arguments))
          (values '() arguments))
    (destructuring-bind (&key (priority 0) force (process (if legacy (first legacy) *process*) given)) keywords
      (when (and legacy given) (error "The process is given twice."))
      (check-type priority (integer -1000000 1000000))
      (register cleanup-form (check-process process) priority force))))

(defun register (form process priority force)
  (let ((refusal nil) (added nil))
    (with-lock ((process-lock process))
      (let ((old (find form (process-cleanups process) :key #'second :test #'equal)))
        (cond ((member (process-phase process) '(:cleanup :dead))
               (setf refusal "~a is ending or has ended: the cleanup would not run."))
              ((and old (= (first old) priority)))
              ((and old (not force))
               (setf refusal "~a has this cleanup with another priority."))
              (t (setf (process-cleanups process)
                       (cons (list priority form) (remove old (process-cleanups process)))
                       added t)))))
    ;; A handler may register too, so no lock is held.
    (when refusal (error refusal process))
    added))

(defun run-cleanups (process)
  "Ascending priorities, equal ones as they were registered. A form that leaves by an error, or is told to, is over, and
the next one runs."
  (loop for (nil form) in (stable-sort (reverse (process-cleanups process)) #'< :key #'first)
        do (catch 'cleanup-form
             (let ((*inside* nil))
               (if (consp form)
                   (apply (first form) process (rest form))
                   (funcall form process))))))

(defun current-process-in-cleanup-p ()
  (and *process* (eq (process-phase *process*) :cleanup)))
