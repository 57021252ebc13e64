;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Values: Lisp objects as the wire writes them, and back.

(in-package :mpcheck-adapter)

;;; Kinds of objects that only the kit makes.
(defstruct cell value)
(defstruct journal (lock (make-lock)) (entries '()))
(defstruct gate open)
(defstruct thing contents)

;;; Objects with identity go by name. Whoever makes an object names it: the adapter.

(defun name-of (object)
  (with-lock ((system-lock *system*))
    (or (gethash object (system-names *system*))
        (let ((name (format nil "o~d" (incf (system-counter *system*)))))
          (setf (gethash name (system-objects *system*)) object
                (gethash object (system-names *system*)) name)))))

(defun named-p (object)
  (with-lock ((system-lock *system*)) (gethash object (system-names *system*))))

(defun object-named (name)
  (or (with-lock ((system-lock *system*)) (gethash name (system-objects *system*)))
      (error "No object has the name ~a." name)))

(defun kind (object)
  "For people: sameness is the name's."
  (cond ((thread-p object) "process")
        ((mailbox-p object) "mailbox")
        ((functionp object) "function")
        ((cell-p object) "cell")
        ((journal-p object) "log")
        ((gate-p object) "gate")
        ((streamp object) "stream")
        #+sbcl ((sb-ext:process-p object) "external-process")
        (t "object")))

(defun reference (object) (object "ref" (name-of object) "type" (kind object)))

;;; A symbol without a package is one of the system's own package. A symbol goes back as it came:
;;; the harness may have named its package by a nickname.

(defvar *stand-ins* '() "Conses of a name, as MP:*V*, and the host's symbol for it.")

(defun symbol-spelled (name package-name)
  (let ((symbol (or (cdr (assoc (format nil "~a:~a" package-name name) *stand-ins* :test #'string=))
                    (intern name (cond ((not package-name) (system-package *system*))
                                       ((find-package package-name))
                                       (t (make-package package-name :use '())))))))
    (with-lock ((system-lock *system*))
      (setf (gethash symbol (system-spellings *system*))
            (if package-name (object "sym" name "pkg" package-name) (object "sym" name))))
    symbol))

(defun spelling (symbol)
  (let ((package (symbol-package symbol)))
    (cond ((with-lock ((system-lock *system*)) (gethash symbol (system-spellings *system*))))
          ((or (null package) (eq package (system-package *system*)))
           (object "sym" (symbol-name symbol)))
          (t (object "sym" (symbol-name symbol) "pkg" (package-name package))))))

(defun float-text (float)
  (let ((*read-default-float-format* (type-of float)))
    (remove #\+ (string-downcase (prin1-to-string float)))))

(defun read-float (text format)
  (let ((*read-default-float-format* format)
        (*read-eval* nil))
    (coerce (read-from-string text) format)))

(defun encode (value)
  (typecase value
    (null :null)
    ((eql t) :true)
    (integer (if (< (abs value) (expt 2 53)) value (object "int" (format nil "~d" value))))
    (ratio (object "ratio" (format nil "~d/~d" (numerator value) (denominator value))))
    (single-float (object "single" (float-text value)))
    (double-float (object "double" (float-text value)))
    (character (object "char" (string value)))
    (keyword (object "key" (string-downcase (symbol-name value))))
    (symbol (if (named-p value) (reference value) (spelling value)))
    (t (cond ((named-p value) (reference value))
             ((stringp value) value)
             ((pathnamep value) (object "path" (namestring value)))
             ((consp value) (encode-list value))
             (t (reference value))))))

(defun encode-list (list)
  (let* ((tail (last list))
         (items (map 'list #'encode (butlast list))))
    (if (cdr tail)
        (object "dotted" (coerce (append items (list (encode (car tail)) (encode (cdr tail)))) 'vector))
        (coerce (append items (list (encode (car tail)))) 'vector))))

(declaim (ftype function enter)) ; frames.lisp

(defun callback (number)
  "The function that has the harness run a callback: the same one for the system's life."
  (let ((system *system*)) ; A process that begins late is not to enter the next one.
    (with-lock ((system-lock system))
      (or (gethash number (system-callbacks system))
          (setf (gethash number (system-callbacks system))
                (lambda (&rest arguments) (enter number arguments :system system)))))))

(defun decode (json)
  "The value that JSON stands for; a literal is a fresh object."
  (etypecase json
    ((eql :null) nil)
    ((eql :true) t)
    (integer json)
    (string (copy-seq json))
    (vector (map 'list #'decode json))
    (cons (decode-object json))))

(defun decode-object (json)
  (flet ((has (name) (member-of json name)))
    (cond ((has "ref") (object-named (has "ref")))
          ((has "callback") (callback (has "callback")))
          ((has "sym") (symbol-spelled (has "sym") (has "pkg")))
          ((has "key") (intern (string-upcase (has "key")) :keyword))
          ((has "int") (parse-integer (has "int")))
          ((has "ratio")
           (let* ((text (has "ratio")) (slash (position #\/ text)))
             (/ (parse-integer text :end slash) (parse-integer text :start (1+ slash)))))
          ((has "single") (read-float (has "single") 'single-float))
          ((has "double") (read-float (has "double") 'double-float))
          ((has "char") (char (has "char") 0))
          ((has "path") (pathname (has "path")))
          ((has "dotted") (apply #'list* (map 'list #'decode (has "dotted"))))
          (t (error "~s is no value of the protocol." json)))))
