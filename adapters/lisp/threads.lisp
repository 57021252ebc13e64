;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Processes as far as the kit has to know of them, where they are threads of the host. documented.lisp
;;;; has the same words for processes that have the documented functions.

(in-package :mpcheck-adapter)

(declaim (ftype function in-cleanup-p)) ; lives.lisp

;;; Interrupts. A process is killed by an interrupt that unwinds its thread. It may come anywhere,
;;; so what must not be torn - a message, a registration, the end of a process - runs without.
;;;
;;; ECL 21.2.1 runs an interrupt in spite of mp:without-interrupts where it comes while C code has
;;; interrupts off, as that of locks has. So the adapter holds off there by itself: an interrupt
;;; looks whether it may run, and is put by where it may not.

#+ecl (defvar *held-off* nil "Whether this thread puts interrupts by.")
#+ecl (defvar *put-by* '() "Those of this thread, the last one first.")

#+ecl
(defun run-put-by ()
  (unless *held-off*
    (loop for function = (let ((*held-off* t)) ; One runs once, whatever comes meanwhile.
                           (prog1 (first (last *put-by*)) (setf *put-by* (butlast *put-by*))))
          while function
          do (funcall function))))

#+ecl
(defmacro with-put-by (&body body)
  "The whole of a thread, which can be interrupted from now on."
  `(let ((*put-by* '())) ,@body))

(defmacro without-interrupts (&body body)
  #+sbcl `(sb-sys:without-interrupts ,@body)
  ;; No values that pass an unwind-protect become one of its cleanup's, unless they are a list.
  #+ecl `(values-list (multiple-value-list
                       (unwind-protect (let ((*held-off* t)) ,@body) (run-put-by)))))

(defmacro interruptible-inside ((allow) &body body)
  "BODY without interrupts but for the forms in it that are within (ALLOW form): those are
interrupted as the whole would be."
  #+sbcl `(sb-sys:without-interrupts
            (macrolet ((,allow (form) `(sb-sys:with-local-interrupts ,form))) ,@body))
  #+ecl (let ((outside (gensym)))
          `(let ((,outside *held-off*))
             (without-interrupts
               (macrolet ((,allow (form)
                            `(let ((*held-off* ,',outside)) (run-put-by) ,form)))
                 ,@body)))))

;;; Threads.

(defun self () #+sbcl sb-thread:*current-thread* #+ecl mp:*current-process*)

(defun thread-p (object) (typep object #+sbcl 'sb-thread:thread #+ecl 'mp:process))

(defun thread-alive-p (thread)
  (and #+sbcl (sb-thread:thread-alive-p thread) #+ecl (mp:process-active-p thread) t))

(defun all-threads () #+sbcl (sb-thread:list-all-threads) #+ecl (mp:all-processes))

(defun thread-name (thread)
  #+sbcl (sb-thread:thread-name thread)
  #+ecl (mp:process-name thread))

(defun interrupt (thread function)
  #+sbcl (sb-thread:interrupt-thread thread function)
  #+ecl (mp:interrupt-process thread (lambda ()
                                       (if *held-off* (push function *put-by*) (funcall function)))))

(defun end-this-thread () #+sbcl (sb-thread:abort-thread) #+ecl (mp:exit-process))

(defun leave-by-error ()
  "What a process does in which nobody has handled an error: a cleanup form is over, and the next one runs."
  (if (in-cleanup-p) (throw 'cleanup-form nil) (end-this-thread)))

(defun mailbox-p (object) (typep object #+sbcl 'sb-concurrency:mailbox #+ecl 'mp:mailbox))
