;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; External programs: SBCL's run-program and what goes with it.
;;;;
;;;; operation                what answers it
;;;; run                      run-program with :wait t, then process-status and process-exit-code
;;;; start                    run-program with :wait nil
;;;; process-input-stream     process-input; so process-output, process-error
;;;; process-p, process-id    process-p, process-pid
;;;; signal-process           process-kill, which takes a number
;;;; process-status           process-status and process-exit-code
;;;; signal-mapping           nothing: there are no keywords for signals
;;;; reap-os-subprocess       sb-posix:waitpid, in children.lisp
;;;;
;;;; The keywords are run-program's own, and go to it as they come: the three redirections, the three
;;;; that say what becomes of a file, :status-hook. Its :environment is a list of strings that
;;;; replaces; so the adapter writes the pairs as strings, and extends what SBCL itself has by them.

(in-package :mpcheck-adapter)

(defun variable-name (string) (subseq string 0 (position #\= string)))

(defun environment-strings (pairs replace)
  "The environment that run-program is to give a child."
  (let ((given (loop for (name . value) in pairs collect (format nil "~a=~a" name value))))
    (if replace
        given
        (append given
                (remove-if (lambda (string)
                             (find (variable-name string) given :key #'variable-name :test #'string=))
                           #+sbcl (sb-ext:posix-environ))))))

;;; SBCL calls a hook where it learns of the change: in a thread that asks for it, or in its handler of
;;; SIGCHLD, in whatever thread the signal reaches. That may be the reader's, which waits for nothing,
;;; or be in the midst of anything: the adapter makes a thread for those calls, which is no process.

(defvar *asking* nil "Whether this thread is in a function of the host that calls hooks.")

(defmacro asking (&body body) `(let ((*asking* t)) ,@body))

(defun carried (hook)
  "HOOK as the function that the host is given."
  (let ((system *system*))
    (lambda (process)
      (flet ((call () (let ((*asking* nil)) (funcall hook process))))
        (cond ((not (eq system *system*)))
              (*asking* (catch 'hook (let ((*in-hook* t)) (call))))
              (t (make-thread "status-hook" (lambda () (with-unhandled (call))))))))))

(defun with-carried-hook (keys)
  (let ((hook (getf keys :status-hook)))
    (if hook (list* :status-hook (carried hook) keys) keys)))

#+sbcl
(defun run-program (program arguments wait keys)
  (let ((keys (with-carried-hook keys)))
    (destructuring-bind (&key environment replace-environment-p &allow-other-keys) keys
      (apply #'sb-ext:run-program program arguments :wait wait
             (append
              (when (or environment replace-environment-p)
                (list :environment (environment-strings environment replace-environment-p)))
              (loop for (key value) on keys by #'cddr
                    unless (member key '(:environment :replace-environment-p))
                      append (list key value)))))))

#+sbcl
(progn
  (defun status-of (process)
    (values (sb-ext:process-status process) (sb-ext:process-exit-code process)))

  (define-operation "run" :native (program arguments) (&rest keys)
    (asking (status-of (run-program program arguments t keys))))
  (define-operation "start" :native (program arguments) (&rest keys)
    (asking (run-program program arguments nil keys)))
  (claim "start :status-hook" :native)
  (dolist (name '("run" "start"))
    (claim (format nil "~a :environment" name) :native)
    (claim (format nil "~a :replace-environment-p" name) :native))

  (define-operation "process-input-stream" :native (process) () (sb-ext:process-input process))
  (define-operation "process-output-stream" :native (process) () (sb-ext:process-output process))
  (define-operation "process-error-stream" :native (process) () (sb-ext:process-error process))
  (define-operation "process-p" :native (object) () (sb-ext:process-p object))
  (define-operation "process-id" :native (process) () (sb-ext:process-pid process))
  (define-operation "process-status" :native (process) () (asking (status-of process)))
  (define-operation "signal-process" :native (process signal) ()
    (asking (sb-ext:process-kill process signal))))

(defun end-programs ()
  "Ends the programs that still run, those that a killed process waited for too, and tells how many."
  #+sbcl
  (flet ((end (process)
           (when (sb-ext:process-alive-p process)
             (sb-ext:process-kill process sb-posix:sigkill)
             (loop while (sb-ext:process-alive-p process) do (sleep 1/1000))
             t)))
    (count-if #'end (copy-list sb-impl::*active-processes*)))
  #-sbcl 0)

(pushnew 'end-programs *enders*)
