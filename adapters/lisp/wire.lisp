;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The wire: descriptors, lines, and the thread that writes them.

(in-package :mpcheck-adapter)

(defun wire-descriptor (variable)
  "The descriptor that the harness names. Whoever starts this by hand is told how it is done: it would wait for nobody."
  (let* ((text (environment variable))
         (descriptor (and text (parse-integer text :junk-allowed t))))
    (unless descriptor
      (format *error-output* "~&~a names no descriptor: an adapter is started by the harness, mpcheck run -- COMMAND~%" variable)
      (finish-output *error-output*)
      (exit-now 2))
    (close-on-exec descriptor)
    descriptor))

(defvar *in* nil)
(defvar *out* nil)

;;; A thread that runs code of the harness never writes: it would tear the line when it is killed,
;;; or be unable to die while the pipe is full. It puts whole messages into a queue.

(defvar *outbox* '() "Lines to be written, the last one first; :exit ends the program.")
(defvar *outbox-lock* (make-lock))
(defvar *outbox-filled* (make-semaphore))

(defun post (line)
  ;; The signal belongs to it: a sender killed between the two would leave a line unwritten.
  (without-interrupts
    (with-lock (*outbox-lock*) (push line *outbox*))
    (signal-semaphore *outbox-filled*)))

(defun write-outbox ()
  (let ((lines (reverse (with-lock (*outbox-lock*) (shiftf *outbox* '())))))
    (when lines
      (dolist (line (remove :exit lines)) (write-line line *out*))
      (finish-output *out*)
      (when (member :exit lines) (exit-now)))))

(defun write-for-ever ()
  (loop (wait-on-semaphore *outbox-filled*)
        (handler-case (write-outbox)
          (error () (exit-now))))) ; The harness is gone.

(defun open-wire ()
  (setf *in* (descriptor-stream (wire-descriptor "MPCHECK_IN") :input)
        *out* (descriptor-stream (wire-descriptor "MPCHECK_OUT") :output))
  (make-thread "mpcheck writer" #'write-for-ever))

(defun send (message)
  "Has MESSAGE written after those sent before; returns at once."
  (post (with-output-to-string (out) (write-json message out))))

(defun reply (id result)
  (send (object "jsonrpc" "2.0" "id" id "result" result)))

(defun reply-error (id text)
  (send (object "jsonrpc" "2.0" "id" id "error" (object "code" -32000 "message" text))))
