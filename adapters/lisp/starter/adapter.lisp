;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Your adapter. What it has to say of messages, frames, kills, logs and cells is in kit/; what is yours stands below.
;;;;
;;;;   mpcheck smoke -- sbcl --script adapter.lisp        (or ecl --norc --shell adapter.lisp)
;;;;   mpcheck run -- sbcl --script adapter.lisp

(load (merge-pathnames "kit/parts.lisp" *load-truename*) :verbose nil)
(cl-user::mpcheck-load (cl-user::mpcheck-threads-kit)) ; processes are threads of your Lisp

;;; Load what you want judged here: (load "my-mailboxes.lisp").

(in-package :mpcheck-adapter)

(setf *name* "my-mailboxes"
      *version* "0"
      *capabilities* #("core")
      ;; The manuals that you follow: with none, #(), only what everybody has to do is judged.
      *profile* #("lispworks-8"))

;;; FILL IN: these mailboxes stand where yours belong. Have each operation call your function, and claim :native where it
;;; does the whole; :composed where you build the operation here, of other means. Delete what you don't have: what isn't
;;; offered is never asked for. mpcheck explain mailbox-read says what an operation means, mpcheck list what cases there are.
;;;
;;; (define-operation NAME HOW (ARGUMENTS...) (KEYWORDS...) BODY...), and for a keyword that is claimed apart beside it
;;; (claim "make-mailbox :size" HOW): errors that BODY signals are the operation's answer. It
;;; runs in the thread of the process that calls it, and a kill leaves it by a throw: whatever must not be torn
;;; stands in with-lock, or in without-interrupts.

(defstruct (my-mailbox (:constructor make-my-mailbox)) (lock (make-lock)) (objects '()))

(defun mailbox-p (object) (my-mailbox-p object))

(defun host-empty-p (mailbox) ; what the predicate :has-mail asks
  (null (my-mailbox-objects mailbox)))

(define-operation "make-mailbox" :composed () () (make-my-mailbox))

(define-operation "mailbox-send" :composed (mailbox object) ()
  (with-lock ((my-mailbox-lock mailbox))
    (setf (my-mailbox-objects mailbox) (append (my-mailbox-objects mailbox) (list object))))
  object)

(define-operation "mailbox-read" :composed (mailbox &optional reason timeout) ()
  (declare (ignore reason))
  (check-type mailbox my-mailbox)
  (let ((taken (wait-for (lambda () ; looks each millisecond, until the time is up; a kill reaches it
                           (with-lock ((my-mailbox-lock mailbox))
                             (when (my-mailbox-objects mailbox)
                               (list (pop (my-mailbox-objects mailbox))))))
                         timeout)))
    (values (first taken) (and taken t))))

(define-operation "mailbox-empty-p" :composed (mailbox) () (host-empty-p mailbox))
(define-operation "mailbox-count" :composed (mailbox) () (length (my-mailbox-objects mailbox)))

;;; Cleanups: a function RUN-CLEANUPS that you define, of one argument that you needn't use, is called by each process as it
;;; ends, with interrupts on; (self) is the process. A form that leaves by an error that nobody handles ends them, or within
;;; (catch 'cleanup-form ...) that form alone.

;;; Where your package exports the documented functions themselves, processes among them, there is less to say: see the head of
;;; kit/documented.lisp, and then of kit/documented-operations.lisp, which offers all that is there.

(serve)
