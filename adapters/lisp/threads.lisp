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

;;; ABCL has nothing of the kind, and looks for interrupts wherever it waits for a moment.

#-sbcl (defvar *held-off* nil "Whether this thread puts interrupts by.")
#-sbcl (defvar *put-by* '() "Those of this thread, the last one first.")

;;; On ECL an interrupt may come at any point here too, and put by another one; ABCL doesn't wait here.
#-sbcl
(defun put-by (function)
  #+ecl (mp:atomic-push function (symbol-value '*put-by*))
  #+abcl (push function *put-by*))

#-sbcl
(defun put-by-becomes (after before)
  "False, and nothing is done, where it isn't BEFORE any more."
  #+ecl (eq before (mp:compare-and-swap (symbol-value '*put-by*) before after))
  #+abcl (progn before (setf *put-by* after) t))

#-sbcl
(defun run-put-by ()
  (unless *held-off*
    (loop for all = *put-by*
          while all
          do (when (put-by-becomes (butlast all) all)
               (funcall (first (last all)))))))

#-sbcl
(defmacro with-put-by (&body body)
  "The whole of a thread, which can be interrupted from now on."
  `(let ((*put-by* '())) ,@body))

(defmacro without-interrupts (&body body)
  #+sbcl `(sb-sys:without-interrupts ,@body)
  ;; No values that pass an unwind-protect become one of its cleanup's, unless they are a list.
  #-sbcl `(values-list (multiple-value-list
                       (unwind-protect (let ((*held-off* t)) ,@body) (run-put-by)))))

(defmacro interruptible-inside ((allow) &body body)
  "BODY without interrupts but for the forms in it that are within (ALLOW form): those are
interrupted as the whole would be."
  #+sbcl `(sb-sys:without-interrupts
            (macrolet ((,allow (form) `(sb-sys:with-local-interrupts ,form))) ,@body))
  #-sbcl (let ((outside (gensym)))
          `(let ((,outside *held-off*))
             (without-interrupts
               (macrolet ((,allow (form)
                            `(let ((*held-off* ,',outside)) (run-put-by) ,form)))
                 ,@body)))))

;;; Threads.

(defun self ()
  #+sbcl sb-thread:*current-thread*
  #+ecl mp:*current-process*
  #+abcl (threads:current-thread))

(defun thread-p (object) (typep object #+sbcl 'sb-thread:thread #+ecl 'mp:process #+abcl 'threads:thread))

(defun thread-alive-p (thread)
  (and #+sbcl (sb-thread:thread-alive-p thread)
       #+ecl (mp:process-active-p thread)
       #+abcl (threads:thread-alive-p thread)
       t))

(defun all-threads ()
  #+sbcl (sb-thread:list-all-threads)
  #+ecl (mp:all-processes)
  #+abcl (threads:mapcar-threads #'identity))

(defun thread-name (thread)
  #+sbcl (sb-thread:thread-name thread)
  #+ecl (mp:process-name thread)
  #+abcl (threads:thread-name thread))

(defun interrupt (thread function)
  #+sbcl (sb-thread:interrupt-thread thread function)
  #-sbcl (flet ((run () (if *held-off* (put-by function) (funcall function))))
           #+ecl (mp:interrupt-process thread #'run)
           #+abcl (threads:interrupt-thread thread #'run)))

(defun end-this-thread ()
  #+sbcl (sb-thread:abort-thread)
  #+ecl (mp:exit-process)
  #+abcl (throw 'end-of-thread nil)) ; host.lisp; it has no operation for this

(defun leave-by-error ()
  "What a process does in which nobody has handled an error: a cleanup form is over, and the next one runs."
  (if (in-cleanup-p) (throw 'cleanup-form nil) (end-this-thread)))

(defun mailbox-p (object)
  (typep object #+sbcl 'sb-concurrency:mailbox #+ecl 'mp:mailbox #+abcl 'threads::mailbox))
