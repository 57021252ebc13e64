;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Locks and semaphores of a host that has the documented ones, as host.lisp has them of others.

(in-package :mpcheck-adapter)

(defun make-lock () (host make-lock))

(defmacro with-lock ((lock) &body body)
  `(without-interrupts (host with-lock (,lock) ,@body)))

(defun make-semaphore () (host make-semaphore :count 0))
(defun signal-semaphore (semaphore) (host semaphore-release semaphore))
(defun wait-on-semaphore (semaphore) (host semaphore-acquire semaphore))

(defun make-thread (name function)
  "A thread of the adapter's own: nobody is to wait for its end."
  (host process-run-function name '(:internal-server t) function))
