;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The host: the little of locks and of the system in which SBCL, ECL and ABCL differ. Everything
;;;; else is written in these words, and in those of threads.lisp or documented.lisp.

(in-package :mpcheck-adapter)

;;; Locks and semaphores. Nobody who holds a lock waits for anything or runs code of the harness.

(defun make-lock ()
  #+sbcl (sb-thread:make-mutex)
  #+ecl (mp:make-lock :name "adapter")
  #+abcl (threads:make-mutex))

(defmacro with-lock ((lock) &body body)
  #+sbcl `(without-interrupts (sb-thread:with-mutex (,lock) ,@body))
  #+ecl `(without-interrupts (mp:with-lock (,lock) ,@body))
  #+abcl `(without-interrupts (threads:with-mutex (,lock) ,@body)))

(defun make-semaphore ()
  #+sbcl (sb-thread:make-semaphore)
  #+ecl (mp:make-semaphore :name "adapter" :count 0)
  #+abcl (java:jnew "java.util.concurrent.Semaphore" 0))

(defun signal-semaphore (semaphore)
  #+sbcl (sb-thread:signal-semaphore semaphore)
  #+ecl (mp:signal-semaphore semaphore)
  #+abcl (java:jcall "release" semaphore))

(defun wait-on-semaphore (semaphore)
  #+sbcl (sb-thread:wait-on-semaphore semaphore)
  #+ecl (mp:wait-on-semaphore semaphore)
  ;; ABCL looks for interrupts only where Lisp waits. A bare sleep is such a place.
  #+abcl (loop until (java:jcall "tryAcquire" semaphore) do (sleep 1/1000)))

;;; Threads of the adapter's own, which are no processes, or that become some.

(defun make-thread (name function)
  #+sbcl (sb-thread:make-thread function :name name)
  #+ecl (mp:process-run-function name (lambda () (with-put-by (funcall function))))
  #+abcl (threads:make-thread (lambda () (with-put-by (catch 'end-of-thread (funcall function)))) :name name))
