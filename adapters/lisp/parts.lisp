;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The files of the adapters, in the order in which they need each other.

(defparameter cl-user::*mpcheck-folder* *load-truename*)

(defun cl-user::mpcheck-files (names)
  (loop for name in names
        collect (merge-pathnames (concatenate 'string name ".lisp") cl-user::*mpcheck-folder*)))

(defun cl-user::mpcheck-kit (&rest threads)
  "The kit, with files for what it has to know of processes and locks."
  (cl-user::mpcheck-files `("package" ,@threads "protecting" "platform" "json" "wire" "system" "values" "frames"
                                      "operations" "kit" "predicates" "streams" "reader")))

(defun cl-user::mpcheck-threads-kit ()
  "The kit for a host whose threads are its processes: SBCL, ECL."
  (append (cl-user::mpcheck-kit "threads" "host") (cl-user::mpcheck-files '("lives" "processes"))))

(defparameter cl-user::*mpcheck-adapter-parts*
  (append (cl-user::mpcheck-threads-kit)
          (cl-user::mpcheck-files '("bindings" "cleanups" "mailboxes" "sends" "events"
                                    "children" "programs"))))

(defun cl-user::mpcheck-load (files)
  (handler-bind ((style-warning #'muffle-warning))
    (with-compilation-unit ()
      (dolist (file files) (load file :verbose nil)))))
