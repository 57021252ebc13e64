;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Operations: the table of them, what is claimed, and how one is run and answered.

(in-package :mpcheck-adapter)

(defvar *operations* (make-hash-table :test 'equal) "Functions of arguments and keywords.")
(defvar *claims* '() "Pairs of an operation, or an operation and a keyword, and native or composed.")

(defun claim (name how)
  (push (cons name (string-downcase how)) *claims*))

(defmacro define-operation (name how parameters keywords &body body)
  "NAME is an operation with PARAMETERS, a lambda list, and KEYWORDS, as after &key, or &rest and
a variable for all of them. HOW is :native where the host does it itself, and :composed where the adapter builds it."
  (let ((arguments (gensym)))
    `(progn
       (claim ,name ,how)
       (setf (gethash ,name *operations*)
             (lambda (,arguments ,@(if (eq (first keywords) '&rest) keywords `(&key ,@keywords)))
               (block operation
                 (destructuring-bind ,parameters ,arguments ,@body)))))))

;;; Errors. What an operation signals goes to the handlers around it as Common Lisp has it, and is
;;; the operation's answer where none took it.

(defvar *answer-with* nil
  "Leaves the innermost operation and answers with a condition; nil where no operation is to.")

(defun condition-type (condition) (string-downcase (symbol-name (type-of condition))))

(defun condition-text (condition)
  (remove-if-not #'graphic-char-p
                 (handler-case (princ-to-string condition) (error () "no text"))))

(defun signalled (condition around)
  "The outcome for CONDITION. It is continuable by a restart that was made for it, and not by one
that was AROUND when the operation began."
  (let ((restart (find-restart 'continue condition)))
    (status "signalled"
            "condition" (object "type" (condition-type condition)
                                "message" (condition-text condition)
                                "continuable" (if (and restart (not (eq restart around))) :true :false)))))

(defvar *in-hook* nil "Whether this thread runs a hook.")

(defun unhandled (condition)
  "What a process does with an error that nobody handled."
  (cond (*answer-with* (funcall *answer-with* condition))
        (*in-hook* (throw 'hook nil)) ; The hook is over, and not what called it.
        (t (leave-by-error)))) ; threads.lisp, documented.lisp

(defmacro with-unhandled (&body body)
  `(handler-bind ((serious-condition #'unhandled))
     (let ((*answer-with* nil) (*rooted* t)) ,@body)))

(defun interruption (function arguments)
  "What an interrupt is to call: it applies FUNCTION to ARGUMENTS, nested in whatever the process does. An error there is none of
the operation's that stands open beneath it. It may come once the system has been closed, and the next one is there
already: then it does nothing."
  (let ((system *system*))
    (lambda ()
      (when (eq system *system*)
        (let ((*answer-with* nil)) (apply function arguments))))))

(defun call-with-unhandled (function) (with-unhandled (funcall function)))

(defun run-operation (name arguments keywords)
  "Runs an operation in this thread and returns its outcome. ARGUMENTS and KEYWORDS are JSON."
  (let ((function (gethash name *operations*))
        (around (find-restart 'continue)))
    (block running
      (unless function (return-from running (status "absent")))
      (let* ((*answer-with* (lambda (condition)
                              (return-from running (signalled condition around))))
             (values (multiple-value-list
                      (apply function (map 'list #'decode arguments)
                             (loop for pair across keywords
                                   collect (intern (string-upcase (aref pair 0)) :keyword)
                                   collect (decode (aref pair 1)))))))
        (if (equal values '(:absent-after-all))
            (status "absent")
            (status "returned" "values" (map 'vector #'encode values)))))))
