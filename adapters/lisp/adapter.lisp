;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; An adapter for SBCL and ECL: their threads, mailboxes and children as the processes of
;;;; docs/operations.md, over the wire of docs/protocol.md.
;;;;
;;;;   mpcheck run -- sbcl --script adapters/lisp/adapter.lisp
;;;;   mpcheck run -- ecl --norc --shell adapters/lisp/adapter.lisp
;;;;
;;;; What the host does itself is claimed as native, and judged as it is, with its faults; what
;;;; the files here build from it - cleanups, process-send, limits - is claimed as composed.
;;;; SBCL compiles all of it at each start, which takes a second; build.lisp does that once.

(load (merge-pathnames "parts.lisp" *load-truename*) :verbose nil)

(cl-user::mpcheck-load cl-user::*mpcheck-adapter-parts*)

(funcall (intern "SERVE" :mpcheck-adapter))
