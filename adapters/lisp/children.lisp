;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Children of the operating system.

(in-package :mpcheck-adapter)

(defun spawn-shell (command)
  "Starts /bin/sh with COMMAND and returns its pid. SBCL's run-program would reap the child itself."
  #+sbcl
  (sb-alien:with-alien ((arguments (array sb-alien:c-string 4)) (pid sb-alien:int))
    (loop for text in (list "/bin/sh" "-c" command nil) and i from 0
          do (setf (sb-alien:deref arguments i) text))
    (let ((code (sb-alien:alien-funcall
                 (sb-alien:extern-alien
                  "posix_spawn"
                  (function sb-alien:int (* sb-alien:int) sb-alien:c-string (* t) (* t) (* t) (* t)))
                 (sb-alien:addr pid) "/bin/sh" nil nil (sb-alien:addr arguments)
                 (sb-alien:extern-alien "environ" (* t)))))
      (unless (zerop code) (error "posix_spawn gives ~d." code))
      pid))
  #+ecl
  (multiple-value-bind (stream code child)
      (ext:run-program "/bin/sh" (list "-c" command) :input t :output t :error t :wait nil)
    (declare (ignore stream code))
    (keep child)
    (ext:external-process-pid child)))

#+ecl (defvar *kept* '())
#+ecl
(defun keep (child)
  ;; ECL's collector reaps the child of an external-process that nothing refers to.
  (with-lock ((system-lock *system*)) (push child *kept*)))

(defun wait-for-child (pid hang)
  "Three values: exited, signalled, running or none; the status; the child's pid."
  #+sbcl
  (handler-case
      (multiple-value-bind (got status) (sb-posix:waitpid pid (if hang 0 sb-posix:wnohang))
        (cond ((zerop got) (values :running nil nil))
              ((sb-posix:wifexited status) (values :exited (sb-posix:wexitstatus status) got))
              (t (values :signalled (sb-posix:wtermsig status) got))))
    (sb-posix:syscall-error () :none))
  #+ecl
  (multiple-value-bind (status code got) (si:waitpid pid (and hang t))
    (case status
      (:exited (values :exited code got))
      (:signaled (values :signalled code got))
      ((:error :abort) :none)
      (t :running))))

(defun reap (pid wait)
  (check-type pid (signed-byte 32))
  (multiple-value-bind (how status got) (wait-for-child pid wait)
    (ecase how
      (:exited (values status got nil))
      (:signalled (values status got status))
      (:running (values nil pid nil))
      (:none (values nil nil nil)))))

(define-operation "reap-os-subprocess" :native () ((pid -1) (wait t)) (reap pid wait))
(define-operation "os-wait" :native (&optional nowait (pid -1)) () (reap pid (not nowait)))

(define-operation "run-shell-command" :composed (command)
    (input output error-output (wait t) separate-streams)
  (cond ((not (member :stream (list input output error-output)))
         (let ((pid (spawn-shell command)))
           (with-lock ((system-lock *system*)) (push pid (system-children *system*)))
           (cond (wait (values (reap pid t)))
                 (separate-streams (values nil nil nil pid))
                 (t (values nil nil pid)))))
        (wait (error "A stream of a command that is waited for."))
        (t :absent-after-all)))
(claim "run-shell-command :separate-streams" :composed)

(defun kill-child (pid)
  "True where PID was a child still. It is none any more, and PID may be another's from then on."
  (case (wait-for-child pid nil)
    (:none nil)
    (:running
     #+sbcl (sb-posix:kill pid sb-posix:sigkill)
     #+ecl (c-kill pid 9)
     (wait-for-child pid t)
     t)
    (t t)))

(defun kill-children ()
  "Ends what the system's commands have left running, and tells how many."
  #+ecl (setf *kept* '())
  (count-if #'kill-child (system-children *system*)))
