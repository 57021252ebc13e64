;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; What can be interrupted, and what can't.

(in-package :mpcheck-adapter)

(defmacro protecting (form &body cleanup)
  "An unwind-protect whose FORM can be interrupted and whose CLEANUP can't: a second kill that
comes while the first one unwinds doesn't cut it short."
  `(interruptible-inside (allow)
     (unwind-protect (allow ,form) (without-interrupts ,@cleanup))))

(defmacro protecting-twice (form (&body between) then &body last)
  "As protecting, and after BETWEEN, which can't be interrupted, comes THEN, which can."
  `(interruptible-inside (allow)
     (unwind-protect (allow ,form)
       ,@between
       (unwind-protect (allow ,then) ,@last))))
