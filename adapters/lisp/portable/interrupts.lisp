;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Interrupts, a kill among them. What is asked of a process stands in a queue of its own, and the
;;;; host's interrupt only nudges its thread to look there. A thread that is inside this library, or has
;;;; interrupts blocked, doesn't look: it does so as it leaves, and wherever it waits. So no throw ever
;;;; tears a mailbox or leaves a lock held, and nothing that was asked is lost.
;;;;
;;;; Locks, in the order in which they may be held: that of the list of processes, a process's own, a
;;;; mailbox's, a queue's.

(in-package :portable-mp)

(defvar *process* nil "The process of this thread; nil where this library has not made it.")
(defvar *inside* nil "Whether this thread is inside the library.")
(defvar *blocked* nil "Whether its user has interrupts blocked.")

(defstruct (process (:constructor make-process-object) (:predicate processp) (:copier nil))
  name
  function                           ; as it was given
  (priority 0)
  internal-server-p
  (terminators '())                  ; a property list: :remote, :local, :by-send
  ;; What the lock guards.
  (lock (make-lock))
  condition                          ; of that lock: the phase has changed
  (phase :new)                       ; then :running, :cleanup, :dead; only the process itself sets it
  (cleanups '())                     ; (priority form), the last one first
  (own-mailbox nil)
  (sent-to '())                      ; mailboxes in which somebody waits, or has waited, to send to it
  ;; What the queue's lock guards.
  (queue-lock (make-lock))
  (queue '())                        ; functions to be called, the oldest one first
  (thread nil)                       ; while it can be interrupted
  (nudges '())                       ; conses: the car is true once the thread has been nudged
  (waits-on nil)                     ; the lock and the condition, a cons
  ;; The process's own.
  (ending nil))                      ; whether it has been told to end

(defmethod print-object ((process process) stream)
  (print-unreadable-object (process stream :type t) (format stream "~a" (process-name process))))

(defun check-process (object)
  (unless (processp object) (error 'type-error :datum object :expected-type 'process))
  object)

(defmacro uninterrupted (&body body)
  "BODY is inside the library. It returns a value: ECL 21.2.1 makes none, behind an unwind-protect, into one."
  `(unwind-protect (let ((*inside* t)) ,@body)
     (look)))

(defmacro with-lock ((lock) &body body)
  (let ((held (gensym)))
    `(let ((,held ,lock))
       (uninterrupted
         (acquire ,held)
         (unwind-protect (progn ,@body) (release ,held))))))

(defun look ()
  "Does what this process was asked to, unless it is not the time. A process that unwinds doesn't look as it leaves one
form after the other: it would run code of its user between two of them. Where it waits it does."
  (when (and *process* (not *inside*) (not *blocked*) (not (unwinding-p)))
    (do-asked)))

(defun unwinding-p () (and (process-ending *process*) (eq (process-phase *process*) :running)))

(defun do-asked ()
  (loop for function = (next-interrupt *process*)
        while function
        do (funcall function)))

(defun next-interrupt (process)
  (when (process-queue process)
    (let ((*inside* t))
      (acquire (process-queue-lock process))
      (prog1 (pop (process-queue process))
        (release (process-queue-lock process))))))

(defun ask (process function)
  "Has PROCESS call FUNCTION, soon. No lock is held. False where it has ended."
  (let ((asked nil) (waits-on nil) (thread nil) (nudge (list nil)))
    (uninterrupted
      (with-lock ((process-queue-lock process))
        (unless (eq (process-thread process) :ended)
          (setf (process-queue process) (append (process-queue process) (list function))
                waits-on (process-waits-on process)
                asked t)
          (unless (or (null (process-thread process)) (eq process *process*))
            (setf thread (process-thread process)
                  (process-nudges process) (cons nudge (remove-if #'car (process-nudges process)))))))
      ;; Not with the lock held: on ABCL a thread can't be interrupted while it runs what an earlier interrupt
      ;; had it call, which may need the lock. It goes on to live meanwhile, since it waits for its nudges.
      (when thread
        (ignore-errors (interrupt-thread thread (lambda () (setf (car nudge) t) (look)))))
      (when waits-on
        (with-lock ((car waits-on)) (notify-all (cdr waits-on)))))
    asked))

(defun leave-thread (process)
  "The last thing that a process does: what is on its way to its thread still finds it there."
  (with-lock ((process-queue-lock process))
    (setf (process-thread process) :ended
          (process-queue process) '()))
  (loop repeat 1000
        until (every #'car (process-nudges process))
        do (sleep 1/1000)))

;;; Waiting.

(defun wait-for-change (lock condition seconds)
  "LOCK is held. Returns once CONDITION, which is LOCK's, may have been notified, an interrupt was served or SECONDS,
unless nil, have passed. A kill leaves by a throw."
  (let ((process *process*))
    (cond ((or (null process) *blocked*) (wait-on-condition condition lock seconds))
          ((begin-wait process (cons lock condition))
           (wait-on-condition condition lock seconds)
           (with-lock ((process-queue-lock process)) (setf (process-waits-on process) nil)))
          (t (unwind-protect (progn (release lock)
                                    (let ((*inside* nil)) (do-asked)))
               (acquire lock))))
    nil))

(defun begin-wait (process what)
  "False where the process has something to do first."
  (with-lock ((process-queue-lock process))
    (unless (process-queue process)
      (setf (process-waits-on process) what))))

(defun now () (/ (get-internal-real-time) internal-time-units-per-second))

(defun deadline (timeout)
  (check-type timeout (or null real))
  (and timeout (+ (now) (rational timeout))))

(defun left (deadline) (and deadline (- deadline (now))))

(defparameter *poll-interval* 1/200 "Seconds between two looks at what nobody tells of, as a user's function.")

(defun wait-until (lock condition attempt &key deadline stop)
  "The first true value of ATTEMPT, which is called with LOCK held; nil once the deadline has passed or STOP, if there is
one, returns true. STOP is called with nothing held."
  (loop
    (let ((value (with-lock (lock)
                   (loop for value = (funcall attempt)
                         for left = (left deadline)
                         do (cond (value (return value))
                                  ((and left (<= left 0)) (return '%over)))
                            (wait-for-change lock condition
                                             (if stop (min *poll-interval* (or left 1)) left))
                         until stop))))
      (cond ((eq value '%over) (return nil))
            (value (return value))
            ((and stop (funcall stop)) (return nil))))))

;;; For users.

(defvar *allowing* nil "Whether this thread is within one of the next two.")

(defmacro allowing-block-interrupts (start-blocked &body body)
  "Within BODY interrupts and kills can be blocked and unblocked. Whatever way it is left, that is then as it was before. So
is an unwind-protect written whose cleanup nothing cuts short, not even as it begins: within BODY, which is blocked, with a
second one around the protected form, in which they are unblocked."
  ;; As a list: of no values ECL 21.2.1 makes one, behind an unwind-protect.
  `(values-list
    (unwind-protect (let ((*blocked* (or ,start-blocked *blocked*)) (*allowing* t))
                      (multiple-value-list (progn ,@body)))
      (look))))

(defmacro with-interrupts-blocked (&body body) `(allowing-block-interrupts t ,@body))

(defun check-allowing () (unless *allowing* (error "Not within allowing-block-interrupts.")))

(defun current-process-block-interrupts () (check-allowing) (setf *blocked* t))

(defun current-process-unblock-interrupts ()
  (check-allowing)
  (setf *blocked* nil)
  (look)
  t)

(defun process-interrupt (process function &rest arguments)
  (check-process process)
  (ask process (lambda () (apply function arguments)))
  nil)
