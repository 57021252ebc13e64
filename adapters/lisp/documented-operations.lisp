;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The documented functions as operations: arguments and values are the host's own, but for predicates.
;;;; What the host doesn't export isn't offered. An adapter for such a host is
;;;;
;;;;   (load "kit/parts.lisp")
;;;;   (defparameter cl-user::*documented-package* :my-package)
;;;;   (defparameter cl-user::*documented-how* :native)      ; or :composed
;;;;   (cl-user::mpcheck-load (append (cl-user::mpcheck-kit "documented" "host") ; or "documented-locks", of your package
;;;;                                  (cl-user::mpcheck-files '("documented-operations"))))
;;;;   (in-package :mpcheck-adapter)
;;;;   (setf *capabilities* #("core" "dbg") *profile* #("lispworks-8"))
;;;;   (serve)

(in-package :mpcheck-adapter)

(defun predicate-function (predicate)
  "A wait function of whatever arguments the host calls it with."
  (and predicate
       (lambda (&rest arguments) (declare (ignore arguments)) (holds predicate))))

(defun offer (name function)
  "NAME is an operation that FUNCTION, of a list of arguments and a list of keywords, answers."
  (claim name cl-user::*documented-how*)
  (setf (gethash name *operations*)
        (lambda (arguments &rest keywords) (funcall function arguments keywords))))

(defun offer-documented (name &key predicate keywords)
  "The operation NAME is the host's function of that name. PREDICATE is the position, or the keyword, of an argument that is
one; KEYWORDS are those to be claimed apart."
  (let ((function (documented (string-upcase name))))
    (when function
      (dolist (keyword keywords)
        (claim (format nil "~a :~(~a~)" name keyword) cl-user::*documented-how*))
      (offer name (lambda (arguments keywords)
                    (cond ((and (integerp predicate) (nth predicate arguments))
                           (setf arguments (copy-list arguments)
                                 (nth predicate arguments)
                                 (predicate-function (nth predicate arguments))))
                          ((and predicate (getf keywords predicate))
                           (setf (getf keywords predicate)
                                 (predicate-function (getf keywords predicate)))))
                    (apply function (append arguments keywords)))))))

(dolist (name '("get-current-process" "current-process-kill" "process-kill" "process-terminate" "process-join"
                "process-alive-p" "list-all-processes" "processes-count" "ps" "get-process"
                "find-process-from-name" "process-name" "process-priority" "change-process-priority"
                "process-internal-server-p" "any-other-process-non-internal-server-p" "process-interrupt"
                "ensure-process-cleanup" "current-process-in-cleanup-p" "process-send" "process-mailbox"
                "mailbox-send" "mailbox-read" "mailbox-peek" "mailbox-wait" "mailbox-empty-p"
                "mailbox-not-empty-p" "mailbox-count" "mailbox-size" "mailbox-full-p"
                "mailbox-reader-process" "process-all-events" "general-handle-event"))
  (offer-documented name))

(offer-documented "make-mailbox" :keywords '(size name))
(offer-documented "current-process-set-terminate-method" :keywords '(local-terminator))
(offer-documented "mailbox-send-limited" :predicate 5)
(offer-documented "process-wait" :predicate 1)
(offer-documented "process-wait-with-timeout" :predicate 2)
(offer-documented "mailbox-wait-for-event" :predicate :wait-function)
(offer-documented "process-wait-for-event" :predicate :wait-function :keywords '(wait-function no-hang-p))
(offer-documented "wait-processing-events" :predicate :wait-function)

(let ((process-mailbox (documented 'process-mailbox)))
  (when process-mailbox
    (offer "set-process-mailbox"
           (lambda (arguments keywords)
             (declare (ignore keywords))
             (eval `(setf (,process-mailbox ',(first arguments)) ',(second arguments)))))))

(offer "with-interrupts-blocked"
       (lambda (arguments keywords)
         (declare (ignore keywords))
         (let ((*user-blocks* t))
           (host with-interrupts-blocked (funcall (first arguments))))))

;;; A system ends what it has made, and not what the host has for itself.

(defun processes () (with-lock ((system-lock *system*)) (copy-list (system-made *system*))))

(defun run-process (&rest arguments)
  (let ((system *system*))
    (without-interrupts
      (let ((process (apply (documented 'process-run-function) arguments)))
        (with-lock ((system-lock system)) (push process (system-made system)))
        process))))

(defun start-process (name function) (run-process name '() function))

(dolist (keyword '(priority mailbox internal-server remote-terminator local-terminator terminate-by-send))
  (claim (format nil "process-run-function :~(~a~)" keyword) cl-user::*documented-how*))

(offer "process-run-function"
       (lambda (arguments keywords)
         (declare (ignore keywords))
         (apply #'run-process arguments)))
