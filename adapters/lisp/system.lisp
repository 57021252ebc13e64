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
  (lives (make-hash-table :test 'eq))            ; what else there is to know of a process
  (made '())                                     ; processes, where the host has the documented functions
  (sizes (make-hash-table :test 'eq))            ; of mailboxes, where the host has none
  (children '())                                 ; pids of those that are left to reap
  (commands '())                                 ; and of those that their callers wait for
  ;; The test itself, and the request that waits for its end.
  outer
  finish-id)

(defvar *system* nil)

(defvar *enders* '() "Functions that end what a closed system has left running, and tell how many that were.")
