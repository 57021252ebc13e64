;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; For a host that has the documented functions: what the kit has to know of its processes, as threads.lisp
;;;; has it of a host's threads. cl-user::*documented-package* names the package that exports the functions.

(in-package :mpcheck-adapter)

(eval-when (:compile-toplevel :load-toplevel :execute)
  (defun documented (name)
    "The symbol NAME of the host's package; nil where it exports none."
    (multiple-value-bind (symbol status) (find-symbol (string name) cl-user::*documented-package*)
      (and (eq status :external) symbol))))

(defmacro host (name &rest arguments)
  "A call of the host's function or macro NAME."
  `(,(or (documented name) (error "~a exports no ~a." cl-user::*documented-package* name)) ,@arguments))

(defvar *user-blocks* nil "Whether a case has interrupts blocked here.")

(defmacro without-interrupts (&body body) `(host with-interrupts-blocked ,@body))

(defmacro interruptible-inside ((allow) &body body)
  "BODY without interrupts but for the forms in it that are within (ALLOW form)."
  `(host allowing-block-interrupts t
     (macrolet ((,allow (form)
                  `(host allowing-block-interrupts nil
                     (unless *user-blocks* (host current-process-unblock-interrupts))
                     ,form)))
       ,@body)))

(defmacro with-put-by (&body body) `(progn ,@body))

(defun self () (host get-current-process))
(defun own-process () (self))
(defun thread-p (object) (typep object (documented 'process)))
(defun thread-alive-p (process) (host process-alive-p process))
(defun mailbox-p (object) (typep object (documented 'mailbox)))
(defun host-empty-p (mailbox) (host mailbox-empty-p mailbox))
(defun interrupt (process function) (host process-interrupt process function))
(defun end-this-thread () (host current-process-kill))
(defun leave-by-error () "The host does what it does." nil)
