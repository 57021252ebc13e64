;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The system around: what the wire needs.

(in-package :mpcheck-adapter)

#+ecl (ffi:def-function ("_exit" c-exit) ((code :int)) :returning :void :module :default)
#+ecl (ffi:def-function ("kill" c-kill) ((pid :int) (signal :int)) :returning :int :module :default)
#+ecl (ffi:def-function ("getpgid" c-getpgid) ((pid :int)) :returning :int :module :default)
#+ecl (ffi:def-function ("fcntl" c-fcntl) ((descriptor :int) (command :int) (value :int))
        :returning :int :module :default)

(defun exit-now (&optional (code 0))
  #+sbcl (sb-ext:exit :code code :abort t)
  #+ecl (c-exit code)
  #+abcl (java:jcall "halt" (java:jstatic "getRuntime" "java.lang.Runtime") code)
  #+lispworks (lw:quit :status code :ignore-errors-p t)
  #+allegro (excl:exit code :no-unwind t :quiet t))

(defun own-pid ()
  #+sbcl (sb-posix:getpid)
  #+ecl (ext:getpid)
  #+abcl (java:jcall "pid" (java:jstatic "current" "java.lang.ProcessHandle"))
  #+allegro (excl.osi:getpid)
  #+lispworks (parse-integer (first (last (pathname-directory (truename "/proc/self/"))))))

(defun environment (name)
  #+sbcl (sb-posix:getenv name)
  #+(or ecl abcl) (ext:getenv name)
  #+lispworks (lw:environment-variable name)
  #+allegro (sys:getenv name))

(defun close-on-exec (descriptor)
  "Children don't get DESCRIPTOR. Java's have none but the standard ones."
  (declare (ignorable descriptor))
  (let ((fd-cloexec 1)
        (f-setfd 2))
    (declare (ignorable fd-cloexec f-setfd))
    #+sbcl (sb-posix:fcntl descriptor f-setfd fd-cloexec)
    #+ecl (c-fcntl descriptor f-setfd fd-cloexec)))

(defun descriptor-stream (descriptor direction)
  ;; ECL's open of /proc/self/fd would set O_NONBLOCK, also for the other end's owner.
  #+sbcl (sb-sys:make-fd-stream descriptor :input (eq direction :input) :output (eq direction :output)
                                           :buffering :full :external-format :utf-8)
  #+ecl (ext:make-stream-from-fd descriptor direction :buffering :full :element-type 'character
                                                      :external-format :utf-8)
  #+abcl (let ((path (format nil "/proc/self/fd/~d" descriptor)))
           ;; Its own decoder knows no characters beyond 16 bits; Java's makes two of each.
           (flet ((made (class text bytes)
                    (java:jnew (java:jconstructor "org.armedbear.lisp.Stream" "org.armedbear.lisp.Symbol" class)
                               'sys::system-stream (java:jnew text (java:jnew bytes path) "UTF-8"))))
             (ecase direction
               (:input (made "java.io.Reader" "java.io.InputStreamReader" "java.io.FileInputStream"))
               (:output (made "java.io.Writer" "java.io.OutputStreamWriter" "java.io.FileOutputStream")))))
  #+(or lispworks allegro) (open (format nil "/proc/self/fd/~d" descriptor)
                                 :direction direction :if-exists :overwrite :external-format :utf-8))

(defun now ()
  "Seconds, as a rational."
  (/ (get-internal-real-time) internal-time-units-per-second))
