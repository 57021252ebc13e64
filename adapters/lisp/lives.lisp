;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; What the adapter must know of a host's thread that is a process.

(in-package :mpcheck-adapter)

(defstruct life
  (lock (make-lock))
  (phase :running) ; then :cleanup, then :dead
  function         ; as it was started
  (cleanups '())   ; (priority form), the last one first
  (mailbox nil))

(defun life-of (process)
  "The life of a process of this system. The adapter's own threads have none."
  (unless (thread-p process)
    (error 'type-error :datum process :expected-type 'process))
  (or (with-lock ((system-lock *system*)) (gethash process (system-lives *system*)))
      (error "~a is no process of this system." process)))

(defun own-process () (and (own-life) (self)))

(defun in-cleanup-p () (and (own-life) (eq (phase-of (self)) :cleanup)))

(defun own-life ()
  "That of this thread; nil where it is no process."
  (with-lock ((system-lock *system*)) (values (gethash (self) (system-lives *system*)))))

(defun phase-of (process) (life-phase (life-of process)))

(defun dead-p (process)
  (or (eq (phase-of process) :dead) (not (thread-alive-p process))))

(defun processes ()
  "All processes that this system has made."
  (with-lock ((system-lock *system*))
    (loop for process being the hash-keys of (system-lives *system*) collect process)))
