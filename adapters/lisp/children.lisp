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
  "Two values: exited, signalled, running or none; and the status, a number of a signal there."
  #+sbcl
  (handler-case
      (multiple-value-bind (got status) (sb-posix:waitpid pid (if hang 0 sb-posix:wnohang))
        (cond ((zerop got) (values :running nil))
              ((sb-posix:wifexited status) (values :exited (sb-posix:wexitstatus status)))
              (t (values :signalled (sb-posix:wtermsig status)))))
    (sb-posix:syscall-error () :none))
  #+ecl
  (multiple-value-bind (status code) (si:waitpid pid (and hang t))
    (case status
      (:exited (values :exited code))
      (:signaled (values :signalled code))
      ((:error :abort) :none)
      (t :running))))

;;; A child is waited for by its pid alone, and only the children that are left to reap are: the
;;; host's own wait for any child would take that of a command which its caller waits for.

(defun group (pid)
  "The process group of PID, also of one that has ended."
  #+sbcl (sb-posix:getpgid pid)
  #+ecl (c-getpgid pid))

(defun considered (which)
  "Children that are left to reap, of those that WHICH selects as for waitpid."
  (remove-if-not (cond ((plusp which) (lambda (pid) (= pid which)))
                       ((= which -1) #'identity)
                       (t (let ((of (if (zerop which) (group 0) (- which))))
                            (lambda (pid) (= (group pid) of)))))
                 (system-children *system*)))

(defun look (which)
  "The answer of reap where there is one at once: a list of status, pid and signal; nil where a
child still runs."
  (with-lock ((system-lock *system*))
    (let ((running nil))
      (dolist (pid (considered which) (if running nil (list nil nil nil)))
        (multiple-value-bind (how status) (wait-for-child pid nil)
          (if (eq how :running)
              (setf running t)
              (setf (system-children *system*) (remove pid (system-children *system*))))
          (case how
            (:exited (return (list status pid nil)))
            (:signalled (return (list status pid status)))))))))

(defun reap (which wait)
  (check-type which (signed-byte 32))
  (values-list (if wait
                   (wait-for (lambda () (look which)) nil)
                   (or (look which) (list nil which nil)))))

(define-operation "reap-os-subprocess" :composed () ((pid -1) (wait t)) (reap pid wait))
(define-operation "os-wait" :composed (&optional nowait (pid -1)) () (reap pid (not nowait)))

(defun run-to-its-end (command)
  "The exit status. The child is nobody else's, also when who waits is killed."
  (let ((pid (without-interrupts
               (let ((pid (spawn-shell command)))
                 (with-lock ((system-lock *system*)) (push pid (system-commands *system*)))
                 pid))))
    (wait-for (lambda ()
                (with-lock ((system-lock *system*))
                  (multiple-value-bind (how status) (wait-for-child pid nil)
                    (unless (eq how :running)
                      (setf (system-commands *system*) (remove pid (system-commands *system*)))
                      status))))
              nil)))

(defun run-command (command input output error-output wait separate-streams)
  (cond ((not (member :stream (list input output error-output)))
         (if wait
             (run-to-its-end command)
             (let ((pid (without-interrupts
                          (let ((pid (spawn-shell command)))
                            (with-lock ((system-lock *system*)) (push pid (system-children *system*)))
                            pid))))
               (if separate-streams (values nil nil nil pid) (values nil nil pid)))))
        (wait (error "A stream of a command that is waited for."))
        (t :absent-after-all)))

(define-operation "run-shell-command" :composed (command)
    (input output error-output (wait t) separate-streams)
  (run-command command input output error-output wait separate-streams))
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
  (count-if #'kill-child (append (system-commands *system*) (system-children *system*))))

(pushnew 'kill-children *enders*)
