;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The host: the little of threads in which SBCL and ECL differ. Everything else is written
;;;; in these words.

(in-package :mpcheck-adapter)

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

(defmacro protecting (form &body cleanup)
  "An unwind-protect whose FORM can be interrupted and whose CLEANUP can't: a second kill that
comes while the first one unwinds doesn't cut it short."
  `(interruptible-inside (allow)
     (unwind-protect (allow ,form) ,@cleanup)))

(defmacro protecting-twice (form (&body between) then &body last)
  "As protecting, and after BETWEEN, which can't be interrupted, comes THEN, which can."
  `(interruptible-inside (allow)
     (unwind-protect (allow ,form)
       ,@between
       (unwind-protect (allow ,then) ,@last))))

;;; Locks and semaphores. Nobody who holds a lock waits for anything or runs code of the harness.

(defun make-lock () #+sbcl (sb-thread:make-mutex) #+ecl (mp:make-lock :name "adapter"))

(defmacro with-lock ((lock) &body body)
  #+sbcl `(without-interrupts (sb-thread:with-mutex (,lock) ,@body))
  #+ecl `(without-interrupts (mp:with-lock (,lock) ,@body)))

(defun make-semaphore ()
  #+sbcl (sb-thread:make-semaphore)
  #+ecl (mp:make-semaphore :name "adapter" :count 0))

(defun signal-semaphore (semaphore)
  #+sbcl (sb-thread:signal-semaphore semaphore)
  #+ecl (mp:signal-semaphore semaphore))

(defun wait-on-semaphore (semaphore)
  #+sbcl (sb-thread:wait-on-semaphore semaphore)
  #+ecl (mp:wait-on-semaphore semaphore))

;;; Threads.

(defun self () #+sbcl sb-thread:*current-thread* #+ecl mp:*current-process*)

(defun thread-p (object) (typep object #+sbcl 'sb-thread:thread #+ecl 'mp:process))

(defun make-thread (name function)
  #+sbcl (sb-thread:make-thread function :name name)
  #+ecl (mp:process-run-function name (lambda () (let ((*put-by* '())) (funcall function)))))

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

;;; The system around.

#+ecl (ffi:def-function ("_exit" c-exit) ((code :int)) :returning :void :module :default)
#+ecl (ffi:def-function ("kill" c-kill) ((pid :int) (signal :int)) :returning :int :module :default)
#+ecl (ffi:def-function ("getpgid" c-getpgid) ((pid :int)) :returning :int :module :default)
#+ecl (ffi:def-function ("fcntl" c-fcntl) ((descriptor :int) (command :int) (value :int))
        :returning :int :module :default)

(defun exit-now (&optional (code 0)) #+sbcl (sb-ext:exit :code code :abort t) #+ecl (c-exit code))

(defun own-pid () #+sbcl (sb-posix:getpid) #+ecl (ext:getpid))

(defun environment (name) #+sbcl (sb-posix:getenv name) #+ecl (ext:getenv name))

(defun close-on-exec (descriptor)
  "Children don't get DESCRIPTOR."
  (let ((fd-cloexec 1)
        (f-setfd 2))
    #+sbcl (sb-posix:fcntl descriptor f-setfd fd-cloexec)
    #+ecl (c-fcntl descriptor f-setfd fd-cloexec)))

(defun descriptor-stream (descriptor direction)
  ;; ECL's open of /proc/self/fd would set O_NONBLOCK, also for the other end's owner.
  #+sbcl (sb-sys:make-fd-stream descriptor :input (eq direction :input) :output (eq direction :output)
                                           :buffering :full :external-format :utf-8)
  #+ecl (ext:make-stream-from-fd descriptor direction :buffering :full :element-type 'character
                                                      :external-format :utf-8))

(defun now ()
  "Seconds, as a rational."
  (/ (get-internal-real-time) internal-time-units-per-second))
