;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The adapter compiled into one file, for SBCL:
;;;;
;;;;   sbcl --script adapters/lisp/build.lisp bin/adapter.fasl
;;;;   mpcheck run -- sbcl --script bin/adapter.fasl

(load (merge-pathnames "parts.lisp" *load-truename*))

(defun compiled (part number target)
  "The name of the compiled PART, which is loaded, for the next ones need its macros."
  (multiple-value-bind (output warnings failure)
      (compile-file part :output-file (format nil "~a.~d" target number))
    (declare (ignore warnings))
    (when failure (error "~a doesn't compile." part))
    (load output)
    output))

(defun append-file (path out)
  (with-open-file (in path :element-type '(unsigned-byte 8))
    (let ((bytes (make-array (file-length in) :element-type '(unsigned-byte 8))))
      (read-sequence bytes in)
      (write-sequence bytes out)))
  (delete-file path))

(let* ((target (merge-pathnames (first (last sb-ext:*posix-argv*)) *default-pathname-defaults*))
       (start (format nil "~a.start.lisp" target))
       (new (format nil "~a.new" target)) ; an adapter may be starting from the old one
       (*compile-verbose* nil)
       (*compile-print* nil))
  (ensure-directories-exist target)
  (with-open-file (out start :direction :output :if-exists :supersede)
    (write-string "(mpcheck-adapter::serve)" out))
  (with-open-file (out new :direction :output :if-exists :supersede :element-type '(unsigned-byte 8))
    (handler-bind ((style-warning #'muffle-warning))
      (with-compilation-unit ()
        (loop for part in cl-user::*mpcheck-adapter-parts* and number from 0
              do (append-file (compiled part number target) out))))
    (append-file (compile-file start :output-file (format nil "~a.start" target)) out))
  (rename-file new target)
  (delete-file start))
