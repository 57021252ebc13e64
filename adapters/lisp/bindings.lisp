;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Values of symbols, and dynamic bindings. There is no *process-initial-bindings* here: a thread
;;;; begins with the bindings that its host gives it. Only SBCL tells a global value from a binding.

(in-package :mpcheck-adapter)

#+sbcl
(progn
  (defun known (symbol)
    "SYMBOL, unless it is a variable of a package that is none of the host's."
    (let ((package (symbol-package symbol)))
      (if (and package (string= (package-name package) "MP") (not (boundp symbol)))
          (error 'unbound-variable :name symbol)
          symbol)))

  (define-operation "symbol-value" :native (symbol) () (symbol-value symbol))
  (define-operation "set-symbol-value" :native (symbol value) () (set (known symbol) value))
  (define-operation "global-value" :native (symbol) () (sb-ext:symbol-global-value symbol))
  (define-operation "set-global-value" :native (symbol value) ()
    (setf (sb-ext:symbol-global-value (known symbol)) value))

  (define-operation "defvar" :native (symbol &optional (value nil given)) ()
    (proclaim `(special ,(known symbol)))
    (when (and given (not (boundp symbol)))
      (setf (sb-ext:symbol-global-value symbol) value))
    symbol)

  (define-operation "let" :native (bindings body) ()
    (let ((symbols (mapcar (lambda (binding) (known (car binding))) bindings)))
      (progv symbols (mapcar #'cdr bindings) (funcall body)))))
