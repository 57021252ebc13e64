;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; What everything else needs.

(eval-when (:compile-toplevel :load-toplevel :execute)
  #+sbcl (require :sb-posix)
  #+sbcl (require :sb-concurrency))

(defpackage :mpcheck-adapter
  (:use :common-lisp))
