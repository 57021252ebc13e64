;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; JSON, as much of it as the protocol has. null, true and false are the keywords :null, :true
;;;; and :false, an array is a simple vector, an object is (:object (name . value)...).

(in-package :mpcheck-adapter)

(defun object (&rest members)
  "An object of alternating names and values."
  (cons :object (loop for (name value) on members by #'cddr collect (cons name value))))

(defun member-of (object name)
  "The value of a member of OBJECT, or nil where it has none of that name."
  (cdr (assoc name (rest object) :test #'string=)))

(defun parse-json (text)
  (let ((at 0))
    (labels
        ((next ()
           (loop while (find (char text at) '(#\Space #\Tab #\Return #\Newline)) do (incf at))
           (char text at))
         (take () (prog1 (next) (incf at)))
         (items (end item)
           (take)
           (if (char= (next) end)
               (progn (take) '())
               (loop collect (funcall item) until (char= (take) end))))
         (named () (next) (let ((name (text))) (take) (cons name (value))))
         (value ()
           (case (next)
             (#\{ (cons :object (items #\} #'named)))
             (#\[ (coerce (items #\] #'value) 'simple-vector))
             (#\" (text))
             (#\t (incf at 4) :true)
             (#\f (incf at 5) :false)
             (#\n (incf at 4) :null)
             (t (multiple-value-bind (number end) (parse-integer text :start at :junk-allowed t)
                  (setf at end)
                  number))))
         (hex () (prog1 (parse-integer text :start at :end (+ at 4) :radix 16) (incf at 4)))
         (escaped (char)
           (case char
             (#\n #\Newline) (#\t #\Tab) (#\r #\Return) (#\b #\Backspace) (#\f #\Page)
             (#\u (let ((code (hex)))
                    (when (<= #xd800 code #xdbff) ; The first half of a surrogate pair.
                      (incf at 2)
                      (setf code (+ #x10000 (ash (- code #xd800) 10) (- (hex) #xdc00))))
                    (code-char code)))
             (t char)))
         (text ()
           (incf at)
           (with-output-to-string (out)
             (loop for char = (char text at)
                   do (incf at)
                      (case char
                        (#\" (return))
                        (#\\ (incf at) (write-char (escaped (char text (1- at))) out))
                        (t (write-char char out)))))))
      (value))))

(defun write-json-string (string out)
  (write-char #\" out)
  (loop for char across string
        do (cond ((find char "\"\\") (write-char #\\ out) (write-char char out))
                 ;; ABCL has characters of 16 bits: those beyond come as two, which make a pair.
                 ((or (< (char-code char) 32) (<= #xd800 (char-code char) #xdfff))
                  (format out "\\u~4,'0x" (char-code char)))
                 (t (write-char char out))))
  (write-char #\" out))

(defun write-json (value out)
  (flet ((separated (items write)
           (loop for item in items and first = t then nil
                 do (unless first (write-char #\, out))
                    (funcall write item))))
    (etypecase value
      (string (write-json-string value out))
      (integer (format out "~d" value))
      (keyword (write-string (string-downcase value) out))
      (vector
       (write-char #\[ out)
       (separated (coerce value 'list) (lambda (item) (write-json item out)))
       (write-char #\] out))
      (cons
       (write-char #\{ out)
       (separated (rest value) (lambda (pair)
                                 (write-json-string (car pair) out)
                                 (write-char #\: out)
                                 (write-json (cdr pair) out)))
       (write-char #\} out)))))
