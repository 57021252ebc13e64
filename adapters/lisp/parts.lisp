;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The files of the adapter, in the order in which they need each other.

(defparameter cl-user::*mpcheck-adapter-parts*
  (loop for name in '("package" "host" "json" "wire" "system" "values" "frames" "operations"
                      "kit" "bindings" "predicates" "processes" "cleanups" "mailboxes" "sends" "events"
                      "children" "streams" "programs" "reader")
        collect (merge-pathnames (concatenate 'string name ".lisp") *load-truename*)))
