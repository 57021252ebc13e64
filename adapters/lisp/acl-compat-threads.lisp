;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; What the kit has to know of acl-mp's processes, on top of threads.lisp. It looks at their threads, which it knows from
;;;; their making: the library forgets the thread of a process that it kills.

(in-package :mpcheck-adapter)

(defvar *system*) ; system.lisp

(defun thread-of (process)
  (with-lock ((system-lock *system*)) (values (gethash process (system-lives *system*)))))

(defun self () (acl-compat.mp:current-process))

(defun own-process ()
  "Threads of the adapter's own are the initial process, in which nothing is judged."
  (let ((process (self)))
    (and (acl-compat.mp::process-function process) process)))

(defun in-cleanup-p () nil)
(defun thread-p (object) (acl-compat.mp::processp object))
(defun thread-alive-p (process)
  (let ((thread (thread-of process))) (and thread (sb-thread:thread-alive-p thread))))
(defun interrupt (process function) (sb-thread:interrupt-thread (thread-of process) function))
(defun mailbox-p (object) (declare (ignore object)) nil)
(defun host-empty-p (mailbox) (error "~a is no mailbox." mailbox))

(defun processes ()
  (with-lock ((system-lock *system*))
    (loop for process being the hash-keys of (system-lives *system*) collect process)))
