;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The kit: what cases are built with, from the host's own primitives.

(in-package :mpcheck-adapter)

(define-operation "new" :native (type &rest arguments) ()
  (let ((object (ecase type
                  (:cons (destructuring-bind (&optional head tail) arguments (cons head tail)))
                  (:list (copy-list arguments))
                  (:string (destructuring-bind (&optional (text "")) arguments (copy-seq text)))
                  (:function (let ((count 0))
                               (lambda (&rest arguments)
                                 (declare (ignore arguments))
                                 (incf count)
                                 nil)))
                  (:vector (coerce arguments 'simple-vector))
                  (:hash-table (make-hash-table))
                  (:symbol (make-symbol (format nil "~{~a~^ ~}" arguments)))
                  (:pathname (pathname (format nil "~{~a~^/~}" arguments)))
                  ((:structure :object) (make-thing :contents arguments)))))
    ;; Every cons of a list is an object of its own.
    (if (eq type :list) (mapl #'name-of object) (name-of object))
    object))

(define-operation "eq" :native (a b) () (eq a b))

(define-operation "make-function" :native (code) ()
  (let ((calls 0)) ; Closed over, so that each is a function of its own.
    (lambda (&rest arguments) (incf calls) (apply code arguments))))

(define-operation "defun" :native (name code) ()
  (setf (symbol-function name) code)
  name)

(define-operation "funcall" :native (function &rest arguments) () (apply function arguments))

(define-operation "make-log" :native () () (make-journal))
(define-operation "log-append" :native (log entry) ()
  (with-lock ((journal-lock log)) (push entry (journal-entries log)))
  nil)
(define-operation "log-read" :native (log) () (reverse (journal-entries log)))

(define-operation "make-cell" :native (value) () (make-cell :value value))
(define-operation "cell-get" :native (cell) () (cell-value cell))
(define-operation "cell-set" :native (cell value) () (setf (cell-value cell) value))

(define-operation "unwind-protect" :native (body cleanup) ()
  (unwind-protect (funcall body) (funcall cleanup)))

;;; Handlers get one argument, a list of the condition's type and text.

(defun described (condition) (list (condition-type condition) (condition-text condition)))

(define-operation "handler-case" :native (body handler) ()
  (handler-case (funcall body)
    (error (condition) (funcall handler (described condition)))))

(define-operation "handler-bind" :native (body handler) ()
  (handler-bind ((error (lambda (condition) (funcall handler (described condition)))))
    (funcall body)))

(define-operation "with-continue-restart" :native (body) ()
  (with-simple-restart (continue "Leave the body.")
    (return-from operation (values (values (funcall body)) nil))))

(define-operation "invoke-restart" :native (name) ()
  (invoke-restart (if (string-equal name "continue") 'continue name)))

(define-operation "signal-error" :native (message) ()
  ;; Where nobody handles it, it is the process's error and not the operation's answer.
  (let ((*answer-with* nil))
    (error "~a" message)))
