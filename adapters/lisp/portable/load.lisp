;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Loads the library, its files in the order in which they need each other.

(defparameter cl-user::*portable-mp-files*
  (loop for name in '("package" "threads" "interrupts" "mailboxes" "processes" "kills" "cleanups" "sends" "events")
        collect (merge-pathnames (concatenate 'string name ".lisp") *load-truename*)))

(handler-bind ((style-warning #'muffle-warning))
  (with-compilation-unit ()
    (dolist (file cl-user::*portable-mp-files*) (load file :verbose nil))))
