;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; All that the host has to have: threads, interrupts of them, locks, condition variables with a
;;;; time-out, and the debugger's hook.

(in-package :portable-mp)

;;; Threads.

(defun current-thread ()
  #+sbcl sb-thread:*current-thread*
  #+ecl mp:*current-process*
  #+abcl (threads:current-thread))

(defun start-thread (name function)
  #+sbcl (sb-thread:make-thread function :name name)
  #+ecl (mp:process-run-function name function)
  #+abcl (threads:make-thread function :name name))

(defun interrupt-thread (thread function)
  "Has THREAD, which has not ended, call FUNCTION wherever it is; the function itself can be interrupted."
  #+sbcl (sb-thread:interrupt-thread thread (lambda () (sb-sys:with-interrupts (funcall function))))
  #+ecl (mp:interrupt-process thread function)
  #+abcl (threads:interrupt-thread thread function))

;;; Locks, which nobody takes twice, and conditions, each of which belongs to one lock. An interrupt
;;; may come within any of this; none of those of interrupts.lisp leaves it by a throw.

#+abcl
(progn
  (defvar *lock* (java:jmethod "java.util.concurrent.locks.ReentrantLock" "lock"))
  (defvar *unlock* (java:jmethod "java.util.concurrent.locks.ReentrantLock" "unlock"))
  (defvar *new-condition* (java:jmethod "java.util.concurrent.locks.ReentrantLock" "newCondition"))
  (defvar *signal-all* (java:jmethod "java.util.concurrent.locks.Condition" "signalAll"))
  (defvar *await-nanos* (java:jmethod "java.util.concurrent.locks.Condition" "awaitNanos" "long")))

(defun make-lock ()
  #+sbcl (sb-thread:make-mutex)
  #+ecl (mp:make-lock :name "portable-mp")
  #+abcl (java:jnew "java.util.concurrent.locks.ReentrantLock"))

(defun acquire (lock)
  #+sbcl (sb-thread:grab-mutex lock)
  #+ecl (mp:get-lock lock)
  #+abcl (java:jcall *lock* lock))

(defun release (lock)
  #+sbcl (sb-thread:release-mutex lock)
  #+ecl (mp:giveup-lock lock)
  #+abcl (java:jcall *unlock* lock))

(defun make-condition-for (lock)
  (declare (ignorable lock))
  #+sbcl (sb-thread:make-waitqueue)
  #+abcl (java:jcall *new-condition* lock))

(defun wait-on-condition (condition lock seconds)
  "Gives LOCK up until CONDITION is notified, or until SECONDS have passed where they are not nil, or for no
reason; takes it again."
  (declare (ignorable condition))
  #+sbcl (progn
           (if seconds
               (sb-thread:condition-wait condition lock :timeout (max seconds 1/1000))
               (sb-thread:condition-wait condition lock))
           ;; It doesn't have the lock where the time is up.
           (unless (sb-thread:holding-mutex-p lock) (sb-thread:grab-mutex lock)))
  ;; ECL 21.2.1 refuses a wait with a time-out. Looking again each millisecond needs none.
  #+ecl (progn
          (mp:giveup-lock lock)
          (sleep (if seconds (max 0 (min seconds 1/1000)) 1/1000))
          (mp:get-lock lock))
  ;; An interrupt ends the wait by an exception of Java.
  #+abcl (handler-case
             (java:jcall *await-nanos* condition (ceiling (* (max 0 (min (or seconds 60) 60)) 1000000000)))
           (error () nil)))

(defun notify-all (condition)
  "The lock of CONDITION is held."
  (declare (ignorable condition))
  #+sbcl (sb-thread:condition-broadcast condition)
  #+abcl (java:jcall *signal-all* condition))

(defmacro with-debugger-hook ((hook) &body body)
  "HOOK is called, with the condition and something else, where BODY would enter the debugger."
  `(let ((*debugger-hook* ,hook)
         #+sbcl (sb-ext:*invoke-debugger-hook* nil)
         #+ecl (ext:*invoke-debugger-hook* nil)
         #+abcl (sys::*invoke-debugger-hook* nil))
     ,@body))
