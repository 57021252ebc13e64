;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Kills: a process ends by unwinding from wherever it is, then it does its cleanups.

(in-package :portable-mp)

(defun current-process-kill ()
  "Returns only where the process is doing its cleanups already."
  (cond ((null *process*) (error "No process runs here."))
        ((current-process-in-cleanup-p) nil)
        (*blocked* (error "~a has interrupts blocked." *process*))
        (t (end-here))))

(defun process-kill (process)
  "Asks PROCESS to end, and doesn't wait for it. One that is unwinding or doing its cleanups goes on with that."
  (check-process process)
  (if (eq process *process*)
      (current-process-kill)
      (ask process #'end-if-running))
  nil)

(defun end-if-running ()
  (unless (or (process-ending *process*) (current-process-in-cleanup-p)) (end-here)))

;;; Methods of terminating.

(defun current-process-set-terminate-method (&key (terminate-by-send t) local-terminator remote-terminator)
  (unless *process* (error "No process runs here."))
  (setf (process-terminators *process*)
        (list :remote remote-terminator :local local-terminator
              :by-send (and terminate-by-send (not local-terminator) (not remote-terminator))))
  nil)

(defun process-terminate (process &key join-timeout force-timeout)
  "Ends PROCESS in the way that it has chosen, or kills it. 0, or what process-join gives where there is a JOIN-TIMEOUT."
  (check-process process)
  (check-type join-timeout (or null real))
  (check-type force-timeout (or null real))
  (destructuring-bind (&key remote local by-send) (process-terminators process)
    (when force-timeout
      ;; A thread of its own, which is no process: nobody finds or counts it.
      (start-thread "force" (lambda ()
                              (unless (process-join process :timeout force-timeout)
                                (process-kill process)))))
    (cond (remote (funcall remote process))
          (local (process-interrupt process local))
          (by-send (process-send process '(current-process-kill)))
          (t (process-kill process)))
    (if join-timeout (process-join process :timeout join-timeout) 0)))
