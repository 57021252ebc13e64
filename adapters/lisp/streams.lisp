;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; The kit's streams: the host's own, of characters.

(in-package :mpcheck-adapter)

(define-operation "open-file-stream" :native (path direction) ()
  (ecase direction
    (:input (open path :external-format :utf-8))
    (:output (open path :direction :output :if-exists :supersede :external-format :utf-8))))

(define-operation "make-string-input-stream" :native (text) () (make-string-input-stream text))
(define-operation "make-string-output-stream" :native () () (make-string-output-stream))
(define-operation "get-output-stream-string" :native (stream) () (get-output-stream-string stream))

(define-operation "stream-write" :native (stream text) ()
  (write-string text stream)
  (finish-output stream)
  nil)

(define-operation "stream-read-line" :native (stream) () (values (read-line stream nil)))
(define-operation "stream-close" :native (stream) () (close stream) nil)

(define-operation "with-captured-output" :native (body) ()
  (with-output-to-string (*standard-output*) (funcall body)))

(defun close-streams ()
  "Closes what a closed system has left open, whatever is still to be written."
  (let ((streams (with-lock ((system-lock *system*))
                   (loop for object being the hash-values of (system-objects *system*)
                         when (streamp object) collect object))))
    (dolist (stream streams) (ignore-errors (close stream :abort t)))))
