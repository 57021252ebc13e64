;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The reader: it hands each message to whom it concerns, and executes nothing itself, so that
;;;; a ping is answered whatever the processes do.

(in-package :mpcheck-adapter)

(defvar *name* (lisp-implementation-type))
(defvar *version* (lisp-implementation-version))
(defvar *profile* #("lispworks-8" "posix-waitpid" "allegro-6" "allegro-7+"))
(defvar *capabilities* #("core" "posix" "dbg"))
(defvar *refusal* nil "Why there is nothing to judge, nil where there is.")

(defun greet (id)
  (when *refusal* (return-from greet (reply-error id *refusal*)))
  (reply id (object "contract" "v1"
                    "name" *name*
                    "version" *version*
                    "capabilities" *capabilities*
                    "profile" *profile*
                    "operations" (cons :object (remove-duplicates *claims* :key #'car :test #'string=))
                    "clock" "real"
                    "granularityMs" 1
                    "pid" (own-pid))))

(defun fresh-package ()
  "One that has no symbols. SBCL 2.2.9 can't delete a package while it loads a compiled file, as
that which calls SERVE."
  (let ((package (or (find-package "MPCHECK-USER") (make-package "MPCHECK-USER" :use '()))))
    (mapc (lambda (symbol) (unintern symbol package))
          (loop for symbol being the present-symbols of package collect symbol))
    package))

(defun open-system (id name)
  (let ((system (make-system :name name :package (fresh-package))))
    (change-system system)
    (reply id (object))
    (start-process "test" (lambda () (enter 0 '() :outer-p t :system system)))))

(defun return-to (id result)
  "The answer to an enter request: what the callback returned. None is an error's."
  (let ((frame (frame-entered-by id)))
    (when frame
      (hand-over frame (list :values (if result (member-of result "values") #()))))))

(defun call (id frame operation arguments keywords)
  (let ((outcome (if (null frame)
                     (status "gone")
                     (with-lock ((frame-lock frame))
                       (cond ((frame-aborted frame) (status "aborted"))
                             ((not (frame-alive frame)) (status "gone"))
                             ((frame-open-id frame) :busy)
                             (t (setf (frame-open-id frame) id) nil))))))
    (case outcome
      ((nil) (hand-over frame (list :call id operation arguments keywords)))
      (:busy (reply-error id "an operation is open on this frame"))
      (t (reply id outcome)))))

(defun abort-system (id)
  (reply id (object))
  (let ((frame (system-outer *system*)))
    (when frame
      (with-lock ((frame-lock frame))
        (setf (frame-aborted frame) t)
        (when (frame-open-id frame)
          (reply (shiftf (frame-open-id frame) nil) (status "aborted"))))
      (ignore-errors (interrupt (frame-thread frame) #'end-this-thread)))))

(defun finish (id)
  (let ((over (with-lock (*frames-lock*)
                (let ((frame (system-outer *system*)))
                  (or (and frame (not (frame-alive frame)))
                      (progn (setf (system-finish-id *system*) id) nil))))))
    (when over (reply id (object)))))

;;; Closing takes a while, and is done by a thread of its own.

(defvar *closing* nil "The id of the request.")
(defvar *close* (make-semaphore))

(defun living () (remove-if-not #'thread-alive-p (processes)))

(defun end-processes ()
  "Interrupts what lives until it ends. Two values: how many there were, and how many there are."
  (let* ((living (living))
         (number (length living)))
    (loop for turn below 300
          while living
          do (when (zerop (mod turn 50)) ; A cleanup of the host may have taken the first one.
               (dolist (process living)
                 (ignore-errors (interrupt process #'end-this-thread))))
             (sleep 1/100)
             (setf living (living))) ; One may have started another meanwhile.
    (values number (length living))))

(defun close-system (id)
  (setf (system-closed *system*) t)
  (multiple-value-bind (processes left) (end-processes)
    (let ((children (reduce #'+ (mapcar #'funcall *enders*))))
      (with-lock (*frames-lock*)
        (loop for frame being the hash-values of *frames*
              do (with-lock ((frame-lock frame)) ; its thread may answer just now
                   (when (frame-open-id frame)
                     (reply (shiftf (frame-open-id frame) nil) (status "gone"))))
              when (frame-alive frame) ; of a thread that is no process
                do (hand-over frame '(:closed))))
      (close-streams)
      (reply id (object "processes" processes "children" children
                        "unclean" (if (plusp left) :true :false))))))

(defun close-for-ever ()
  (loop (wait-on-semaphore *close*)
        (close-system *closing*)))

(defun handle (message)
  (let ((method (member-of message "method"))
        (id (member-of message "id"))
        (parameters (member-of message "params")))
    (flet ((parameter (name) (member-of parameters name))
           (is (name) (equal method name)))
      (cond ((null method) (return-to id (member-of message "result")))
            ((is "call") (call id (frame-named (parameter "frame"))
                               (parameter "op") (parameter "args") (parameter "keys")))
            ((is "hello") (greet id))
            ((is "ping") (reply id (object)))
            ((is "open") (open-system id (parameter "system")))
            ((is "abort") (abort-system id))
            ((is "finish") (finish id))
            ((is "close") (setf *closing* id) (signal-semaphore *close*))
            ((is "bye") (reply id (object)) (post :exit))
            (t (reply-error id "unknown method"))))))

(defun serve ()
  "Reads until the input ends, which ends the program; so does bye."
  (open-wire)
  (make-thread "mpcheck closer" #'close-for-ever)
  (loop for line = (read-line *in* nil)
        while line
        do (let ((message (ignore-errors (parse-json line))))
             (cond ((and (consp message) (eq (first message) :object))
                    (handler-case (handle message)
                      (error (condition)
                        (format *error-output* "adapter: ~a: ~a~%" line condition)
                        (reply-error (or (member-of message "id") :null) (condition-text condition)))))
                   ((string/= "" (string-trim " " line)) (reply-error :null "unreadable line")))))
  (post :exit)
  (wait-on-semaphore (make-semaphore))) ; The writer ends the program.
