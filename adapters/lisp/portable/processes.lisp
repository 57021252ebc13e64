;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Processes: how they begin and end, and how they are found.

(in-package :portable-mp)

(defvar *processes-lock* (make-lock))
(defvar *processes* '() "Those that have not ended, the newest one first.")

(defvar *default-process-priority* 0)

(defvar *unhandled-error* 'report-error
  "Called with a condition that nobody in a process has handled. Where it returns the process ends, or, while it does its
cleanups, the form. invoke-debugger is another choice.")

(defun report-error (condition)
  (ignore-errors
   (format *error-output* "~&~a: ~a~%" *process* condition)
   (finish-output *error-output*)))

(defun get-current-process () *process*)

(defun initial-mailbox (mailbox name)
  (etypecase mailbox
    (null nil)
    (mailbox mailbox)
    (string (make-mailbox :name mailbox))
    ((eql t) (make-mailbox :name name))))

(defun process-run-function (name keywords function &rest arguments)
  "A process, which has perhaps not begun. A priority is only kept: the host shares out time as it likes."
  (check-type function (or function symbol))
  (destructuring-bind (&key (priority *default-process-priority*) mailbox internal-server
                         remote-terminator local-terminator terminate-by-send)
      keywords
    (let ((process (make-process-object
                    :name name :function function :priority priority
                    :internal-server-p (and internal-server t)
                    :own-mailbox (initial-mailbox mailbox name)
                    :terminators (list :remote remote-terminator :local local-terminator
                                       :by-send terminate-by-send))))
      (setf (process-condition process) (make-condition-for (process-lock process)))
      (uninterrupted
        (with-lock (*processes-lock*) (push process *processes*))
        (let ((started nil))
          (unwind-protect
               (progn (start-thread (princ-to-string name) (lambda () (live process arguments)))
                      (setf started t))
            (unless started (forget process))))
        process))))

(defun forget (process)
  (with-lock (*processes-lock*)
    (with-lock ((process-lock process))
      (setf (process-phase process) :dead
            *processes* (remove process *processes*))
      (notify-all (process-condition process)))))

(defun set-phase (process phase)
  (with-lock ((process-lock process)) (setf (process-phase process) phase)))

(defun live (process arguments)
  "What the thread of PROCESS runs. It is inside the library but for its function and its cleanups."
  (let ((*process* process) (*inside* t) (*blocked* nil))
    (unwind-protect
         (catch process
           (with-debugger-hook (#'unhandled)
             (with-lock ((process-queue-lock process)) (setf (process-thread process) (current-thread)))
             (set-phase process :running)
             (let ((*inside* nil))
               (look)
               (apply (process-function process) arguments))))
      ;; A kill that comes from here on changes nothing.
      (unwind-protect
           (with-debugger-hook (#'unhandled)
             (set-phase process :cleanup)
             (run-cleanups process))
        (forget process)
        (mapc #'wake (process-sent-to process)) ; Whoever waits for room there learns of it.
        (leave-thread process)))))

(defun unhandled (condition hook)
  (declare (ignore hook))
  (with-debugger-hook (nil) (funcall *unhandled-error* condition))
  (if (current-process-in-cleanup-p)
      (throw 'cleanup-form nil)
      (end-here)))

(defun end-here ()
  (setf (process-ending *process*) t)
  (throw *process* nil))

;;; Finding. A process that has not begun is in the list, and one that does its cleanups.

(defun list-all-processes () (with-lock (*processes-lock*) (copy-list *processes*)))
(defun processes-count () (length (list-all-processes)))

(defun by-priority () (stable-sort (list-all-processes) #'> :key #'process-priority))

(defun ps () (by-priority))

(defun find-process-from-name (name)
  (check-type name string)
  (find-if (lambda (process)
             (and (stringp (process-name process)) (string= name (process-name process))))
           (by-priority)))

(defun get-process (designator)
  "The process with that name, the one with the highest priority among several, or the one that runs that function; nil
where there is none."
  (flet ((running (function) (find function (by-priority) :key #'process-function)))
    (etypecase designator
      (process designator)
      (string (find-process-from-name designator))
      (symbol (or (find-process-from-name (symbol-name designator)) (running designator)))
      (function (running designator)))))

(defun process-alive-p (process)
  "True also while it does its cleanups."
  (not (eq (process-phase (check-process process)) :dead)))

(defun change-process-priority (process priority)
  (check-process process)
  (check-type priority fixnum)
  (setf (process-priority process) priority))

(defun any-other-process-non-internal-server-p ()
  (and (find-if-not (lambda (process) (or (eq process *process*) (process-internal-server-p process)))
                    (list-all-processes))
       t))

;;; Waiting for them, and for anything.

(defun process-join (process &key timeout)
  "True once the process has done its cleanups."
  (check-process process)
  (when (eq process *process*) (error "~a can't wait for its own end." process))
  (and (wait-until (process-lock process) (process-condition process)
                   (lambda () (eq (process-phase process) :dead))
                   :deadline (deadline timeout))
       t))

(defvar *no-process-lock* (make-lock) "For waits outside of processes.")
(defvar *no-process-condition* (make-condition-for *no-process-lock*))

(defun process-wait-with-timeout (wait-reason timeout function &rest arguments)
  "FUNCTION is called by the process that waits, now and then; true where it was true."
  (declare (ignore wait-reason))
  (let ((process *process*) (true nil) (deadline (deadline timeout)))
    (setf true (apply function arguments))
    (unless true
      (wait-until (if process (process-lock process) *no-process-lock*)
                  (if process (process-condition process) *no-process-condition*)
                  (constantly nil)
                  :deadline deadline
                  :stop (lambda () (setf true (apply function arguments)))))
    (and true t)))

(defun process-wait (wait-reason function &rest arguments)
  (apply #'process-wait-with-timeout wait-reason nil function arguments))
