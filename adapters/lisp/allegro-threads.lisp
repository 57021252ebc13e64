;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; What the kit has to know of processes and locks, by the documented functions of Allegro CL: threads.lisp and
;;;; host.lisp have it of other hosts.

(in-package :mpcheck-adapter)

(defmacro without-interrupts (&body body) `(excl:with-delayed-interrupts ,@body))

(defmacro interruptible-inside ((allow) &body body)
  "Nothing documented allows interrupts within a form that delays them: only cleanups are kept from them."
  `(macrolet ((,allow (form) form)) ,@body))

(defun make-lock () (mp:make-process-lock))

(defmacro with-lock ((lock) &body body)
  `(without-interrupts (mp:with-process-lock (,lock) ,@body)))

(defstruct (semaphore (:constructor make-semaphore ())) (lock (make-lock)) (count 0))

(defun signal-semaphore (semaphore)
  (with-lock ((semaphore-lock semaphore)) (incf (semaphore-count semaphore))))

(defun wait-on-semaphore (semaphore)
  (flet ((taken ()
           (with-lock ((semaphore-lock semaphore))
             (when (plusp (semaphore-count semaphore))
               (decf (semaphore-count semaphore))))))
    (loop until (taken)
          do (mp:process-wait "a message" (lambda () (plusp (semaphore-count semaphore)))))))

(defun make-thread (name function) (mp:process-run-function name function))

(defun self () mp:*current-process*)
(defun own-process () (self))
(defun thread-p (object) (typep object 'mp:process))
(defun thread-alive-p (process) (and (member process mp:*all-processes*) t))
(defun mailbox-p (object) (typep object 'mp:queue))
(defun host-empty-p (queue) (mp:queue-empty-p queue))
(defun interrupt (process function) (mp:process-interrupt process function))
(defun end-this-thread () (mp:process-kill (self)))
(defun leave-by-error () "The debugger's hook does it." nil)
