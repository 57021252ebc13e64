;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; A system: what there is between open and close. There is one at a time.

(in-package :mpcheck-adapter)

(defstruct system
  name
  (lock (make-lock))
  (closed nil)
  ;; Objects by the names that the adapter gave them, and back.
  (counter 0)
  (objects (make-hash-table :test 'equal))
  (names (make-hash-table :test 'eq))
  (callbacks (make-hash-table) :type hash-table) ; the function of each callback
  package                                        ; of the symbols that name none
  (spellings (make-hash-table :test 'eq))        ; symbols as the harness writes them
  (lives (make-hash-table :test 'eq))            ; the life of each process
  (sizes (make-hash-table :test 'eq))            ; of mailboxes, where the host has none
  (children '())                                 ; pids of those that are left to reap
  (commands '())                                 ; and of those that their callers wait for
  ;; The test itself, and the request that waits for its end.
  outer
  finish-id)

(defvar *system* nil)

;;; A process is the host's thread. Its life is what the adapter must know of it.
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
