;;;; An adapter for SBCL and ECL: their threads, mailboxes and children as the processes of
;;;; docs/operations.md, over the wire of docs/protocol.md.
;;;;
;;;;   mpcheck run -- sbcl --script adapters/lisp/adapter.lisp
;;;;   mpcheck run -- ecl --norc --shell adapters/lisp/adapter.lisp
;;;;
;;;; What the host does itself is claimed as native, and judged as it is, with its faults; what
;;;; the files here build from it - cleanups, process-send, limits - is claimed as composed.
;;;; This file loads the others, in the order in which they need each other.

#+sbcl (require :sb-posix)
#+sbcl (require :sb-concurrency)

(defpackage :mpcheck-adapter
  (:use :common-lisp))
(in-package :mpcheck-adapter)

(handler-bind ((style-warning #'muffle-warning))
  (with-compilation-unit ()
    (dolist (file '("host" "json" "wire" "system" "values" "frames" "operations"
                    "kit" "predicates" "processes" "cleanups" "mailboxes" "sends" "events"
                    "children" "reader"))
      (load (merge-pathnames (concatenate 'string file ".lisp") *load-truename*) :verbose nil))))

(serve)
