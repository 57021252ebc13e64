;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; A package MP for Lisps that have none: the functions of LispWorks' manual that lispworks.lisp uses, with their
;;;; documented lambda lists, over the portable layer. It stands in for LispWorks where lispworks.lisp is tried:
;;;;
;;;;   mpcheck smoke -- sbcl --script adapters/lisp/stubs/lispworks.lisp
;;;;
;;;; What that proves, and what it doesn't, is said at the head of lispworks.lisp.

(load (merge-pathnames "../portable/load.lisp" *load-truename*))
(load (merge-pathnames "../parts.lisp" *load-truename*))

(defpackage :mp (:use))

(defmacro cl-user::documented-function (name lambda-list &optional (use (find-symbol (string name) :portable-mp)))
  "MP exports NAME, a function of LAMBDA-LIST and of nothing else; USE of the portable layer answers it."
  (let ((symbol (intern (string name) :mp))
        (required '()) (keywords '()) (rest nil) (mode :required))
    (dolist (part lambda-list)
      (let ((variable (if (consp part) (first part) part)))
        (cond ((member part lambda-list-keywords) (setf mode part))
              ((eq mode '&rest) (setf rest part))
              ((eq mode '&key)
               (setf keywords (append keywords (list (intern (string variable) :keyword) variable))))
              (t (push variable required)))))
    `(progn
       (export ',symbol :mp)
       (defun ,symbol ,lambda-list
         (apply #',use ,@(reverse required) ,@keywords ,rest)))))

(defmacro cl-user::documented-functions (&rest rows)
  `(progn ,@(loop for row in rows collect `(cl-user::documented-function ,@row))))

;;; What the manual gives as a default is given here too, so that a keyword left out is not the layer's choice.

(cl-user::documented-functions
 (process-run-function (name keywords function &rest arguments))
 (get-current-process ())
 (current-process-kill ())
 (process-kill (process))
 (process-terminate (process &key join-timeout force-timeout))
 (current-process-set-terminate-method (&key local-terminator (terminate-by-send t) remote-terminator))
 (process-join (process &key timeout))
 (process-alive-p (process))
 (list-all-processes ())
 (processes-count ())
 (ps ())
 (get-process (designator))
 (find-process-from-name (process-name))
 (process-name (process))
 (process-priority (process))
 (change-process-priority (process new-priority))
 (process-internal-server-p (process))
 (any-other-process-non-internal-server-p ())
 (process-interrupt (process function &rest arguments))
 (process-wait (wait-reason wait-function &rest wait-arguments))
 (process-wait-with-timeout (wait-reason timeout &optional (wait-function (constantly nil)) &rest wait-arguments))
 (current-process-in-cleanup-p ())
 (process-send (process object &key (change-priority :default) limit timeout error-if-dead-p))
 (process-mailbox (process))
 (make-mailbox (&key size name))
 (mailbox-send (mailbox object))
 (mailbox-send-limited (mailbox object limit &optional timeout wait-reason wait-function &rest args))
 (mailbox-read (mailbox &optional wait-reason timeout))
 (mailbox-peek (mailbox))
 (mailbox-wait (mailbox &optional wait-reason timeout))
 (mailbox-empty-p (mailbox))
 (mailbox-not-empty-p (mailbox))
 (mailbox-count (mailbox))
 (mailbox-size (mailbox))
 (mailbox-full-p (mailbox))
 (mailbox-wait-for-event (mailbox &key (wait-reason "Waiting for an event") wait-function
                                  (process-other-messages-p t) no-hang-p stop-at-user-operation-p))
 (process-wait-for-event (&key (wait-reason "Waiting for an event") wait-function
                               (process-other-messages-p t) no-hang-p stop-at-user-operation-p))
 (general-handle-event (object))
 (process-all-events ())
 (wait-processing-events (timeout &key wait-reason wait-function wait-args))
 (current-process-block-interrupts ())
 (current-process-unblock-interrupts ()))

(defun mp::ensure-process-cleanup (cleanup-form &rest arguments)
  "Both signatures: (form &key priority force process), and the older (form process)."
  (apply #'portable-mp:ensure-process-cleanup cleanup-form arguments))

(defun (setf mp:process-mailbox) (mailbox process)
  (setf (portable-mp:process-mailbox process) mailbox))

(defmacro mp::allowing-block-interrupts (start-blocked &body body)
  `(portable-mp:allowing-block-interrupts ,start-blocked ,@body))
(defmacro mp::with-interrupts-blocked (&body body) `(portable-mp:with-interrupts-blocked ,@body))

(deftype mp::process () 'portable-mp:process)
(deftype mp::mailbox () 'portable-mp:mailbox)

;;; Locks and counting semaphores.

(defun mp::make-lock (&key name important-p (safep t) recursivep sharing)
  (declare (ignore name important-p safep recursivep sharing))
  (portable-mp::make-lock))

(defmacro mp::with-lock ((lock &optional whostate timeout) &body body)
  (declare (ignore whostate timeout))
  `(portable-mp::with-lock (,lock) ,@body))

(defstruct (mp::semaphore (:conc-name sem-) (:constructor mp::make-semaphore-object)) (lock (portable-mp::make-lock)) condition count)

(defun mp::make-semaphore (&key name (count 1))
  (declare (ignore name))
  (let ((semaphore (mp::make-semaphore-object :count count)))
    (setf (sem-condition semaphore) (portable-mp::make-condition-for (sem-lock semaphore)))
    semaphore))

(defun mp::semaphore-acquire (sem &key timeout wait-reason (count 1))
  (declare (ignore wait-reason))
  (portable-mp::wait-until (sem-lock sem) (sem-condition sem)
                           (lambda ()
                             (when (>= (sem-count sem) count) (decf (sem-count sem) count) t))
                           :deadline (portable-mp::deadline timeout)))

(defun mp::semaphore-release (sem &key (count 1))
  (portable-mp::with-lock ((sem-lock sem))
    (incf (sem-count sem) count)
    (portable-mp::notify-all (sem-condition sem))
    t))

(defun mp::initialize-multiprocessing (&rest main-process-args)
  "Where arguments are given they are those of a process-run-function, and this returns once all is over."
  (portable-mp:process-join (apply #'portable-mp:process-run-function main-process-args)))

(export '(mp::ensure-process-cleanup mp::allowing-block-interrupts mp::with-interrupts-blocked mp::process mp::mailbox
          mp::make-lock mp::with-lock mp::semaphore mp::make-semaphore mp::semaphore-acquire mp::semaphore-release
          mp::initialize-multiprocessing)
        :mp)

(setf portable-mp:*unhandled-error* (constantly nil))

(load (merge-pathnames "../lispworks.lisp" *load-truename*))
