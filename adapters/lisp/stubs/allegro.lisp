;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Packages MP, SYS and EXCL for SBCL: what allegro.lisp uses of Allegro CL's manual, with the documented arguments, over
;;;; the portable layer and children.lisp. It stands in for Allegro CL where allegro.lisp is tried:
;;;;
;;;;   mpcheck smoke -- sbcl --script adapters/lisp/stubs/allegro.lisp
;;;;
;;;; What that proves, and what it doesn't, is said at the head of lispworks.lisp.

(load (merge-pathnames "../portable/load.lisp" *load-truename*))
(load (merge-pathnames "../parts.lisp" *load-truename*))

(defpackage :mp
  (:use)
  (:export #:process #:*current-process* #:*all-processes* #:process-run-function #:process-kill #:process-interrupt
           #:process-name #:process-name-to-process #:process-wait #:process-wait-with-timeout
           #:make-process-lock #:with-process-lock #:queue #:enqueue #:dequeue #:queue-empty-p))
(defpackage :sys (:use) (:export #:reap-os-subprocess #:os-wait))
(defpackage :excl (:use) (:export #:with-delayed-interrupts #:run-shell-command))

(deftype mp:process () 'portable-mp:process)
(define-symbol-macro mp:*current-process* (portable-mp:get-current-process))
(define-symbol-macro mp:*all-processes* (portable-mp:list-all-processes))

(defun mp:process-run-function (name-or-options preset-function &rest preset-arguments)
  (let ((name (if (listp name-or-options) (getf name-or-options :name) name-or-options)))
    (check-type name string)
    (apply #'portable-mp:process-run-function name '() preset-function preset-arguments)))

(defun mp:process-kill (process &key wait)
  (portable-mp:process-kill process)
  (when wait (portable-mp:process-join process))
  nil)

(defun mp:process-interrupt (process function &rest args)
  (apply #'portable-mp:process-interrupt process function args))

(defun mp:process-name (process) (portable-mp:process-name process))

(defun mp:process-name-to-process (name &key abbrev (error t))
  (declare (ignore abbrev))
  (or (portable-mp:find-process-from-name name)
      (and error (error "No process is named ~a." name))))

(defun mp:process-wait (whostate function &rest arguments)
  (apply #'portable-mp:process-wait whostate function arguments))

(defun mp:process-wait-with-timeout (whostate seconds function &rest args)
  (apply #'portable-mp:process-wait-with-timeout whostate seconds function args))

(defun mp:make-process-lock (&key name) (declare (ignore name)) (portable-mp::make-lock))

(defmacro mp:with-process-lock ((lock &key timeout norecursive seized whostate) &body body)
  (declare (ignore timeout norecursive seized whostate))
  `(portable-mp::with-lock (,lock) ,@body))

(defmacro excl:with-delayed-interrupts (&body body) `(portable-mp:with-interrupts-blocked ,@body))

;;; Queues.

(defclass mp:queue () ((mailbox :initform (portable-mp:make-mailbox) :reader queue-mailbox)))

(defun mp:enqueue (queue item) (portable-mp:mailbox-send (queue-mailbox queue) item))

(defun mp:queue-empty-p (queue) (portable-mp:mailbox-empty-p (queue-mailbox queue)))

(defun mp:dequeue (queue &key wait empty-queue-result (whostate "dequeue"))
  "WAIT is a time, t for any, or nil: then an empty queue is an error."
  (multiple-value-bind (object read)
      (portable-mp:mailbox-read (queue-mailbox queue) whostate (cond ((null wait) 0) ((eq wait t) nil) (t wait)))
    (cond (read object)
          ((null wait) (error "~a is empty." queue))
          (t empty-queue-result))))

;;; Children of the operating system, whose files are of the package of the adapter's. They need its kit.

(defmacro cl-user::by-children (name lambda-list &body body)
  "NAME is a function of LAMBDA-LIST; in BODY (child NAME ARGUMENTS...) calls a function of children.lisp."
  `(defun ,name ,lambda-list
     (flet ((child (name &rest arguments) (apply (find-symbol name :mpcheck-adapter) arguments)))
       ,@body)))

(cl-user::by-children sys:reap-os-subprocess (&key (pid -1) (wait t)) (child "REAP" pid wait))
(cl-user::by-children sys:os-wait (&optional nowait (pid -1)) (child "REAP" pid (not nowait)))
(cl-user::by-children excl:run-shell-command
    (command &key input output error-output (wait t) separate-streams)
  (child "RUN-COMMAND" command input output error-output wait separate-streams))

(setf portable-mp:*unhandled-error* (constantly nil))
(defparameter cl-user::*stub-files* (cl-user::mpcheck-files '("children")))

;;; The main thread is a process there.

(portable-mp:process-join
 (portable-mp:process-run-function "initial" '() #'load (merge-pathnames "../allegro.lisp" *load-truename*)))
