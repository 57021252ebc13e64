;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Frames: code of the harness that runs in a process here, and the operations that it issues.
;;;; The reader puts what comes for a frame into its queue; the process's own thread, inside
;;;; ENTER, takes it out and does it. So an operation runs where the code runs.

(in-package :mpcheck-adapter)

(defstruct frame
  name
  thread
  outer-p                      ; the test itself
  system
  (alive t)                    ; until its process has unwound through it, or it has returned
  (aborted nil)
  (open-id nil)                ; the request whose operation is open
  (queue '())                  ; (:call id operation arguments keywords), (:values values), (:closed)
  (filled (make-semaphore))
  (lock (make-lock)))

;;; Names of frames and numbers of enter requests are never used again within a connection.
(defvar *frames* (make-hash-table :test 'equal) "Frames by name.")
(defvar *entered* (make-hash-table) "Frames by the request that entered them.")
(defvar *entries* 0)
(defvar *frames-lock* (make-lock))

(defun status (text &rest members) (apply #'object "status" text members))

(defun answer (frame id outcome)
  "Answers the open operation, unless something else has done so."
  (with-lock ((frame-lock frame))
    (when (eql (frame-open-id frame) id)
      (setf (frame-open-id frame) nil)
      (reply id outcome))))

(defun hand-over (frame item)
  (with-lock ((frame-lock frame))
    (setf (frame-queue frame) (append (frame-queue frame) (list item))))
  (signal-semaphore (frame-filled frame)))

(defun bury (frame)
  "Makes FRAME a dead one. The operation that was open is gone, and so is each later one: the
reader answers those. Where a process was killed between two operations, the harness learns it
only by the next one, perhaps long after a join has returned."
  (with-lock ((frame-lock frame))
    (setf (frame-alive frame) nil)
    (when (frame-open-id frame)
      (reply (shiftf (frame-open-id frame) nil) (status "gone"))))
  (when (frame-outer-p frame)
    (let ((id (with-lock (*frames-lock*) (shiftf (system-finish-id (frame-system frame)) nil))))
      (when id (reply id (object))))))

(defun change-system (system)
  "SYSTEM is the one that is open from now on, without a frame."
  (with-lock (*frames-lock*)
    (clrhash *frames*)
    (clrhash *entered*)
    (setf *system* system)))

(defun frame-named (name) (with-lock (*frames-lock*) (gethash name *frames*)))
(defun frame-entered-by (id) (with-lock (*frames-lock*) (gethash id *entered*)))

(defun announce (frame callback arguments &aux (system (frame-system frame)))
  "Names FRAME and sends the request that enters it. False where its system is not the one that is open."
  (with-lock (*frames-lock*)
    (unless (or (system-closed system) (not (eq system *system*)))
      (let ((id (incf *entries*)))
        (setf (frame-name frame) (format nil "f~d" id)
              (gethash (frame-name frame) *frames*) frame
              (gethash id *entered*) frame)
        (when (frame-outer-p frame) (setf (system-outer system) frame))
        (send (object "jsonrpc" "2.0" "id" id "method" "enter"
                      "params" (object "system" (system-name system)
                                       "frame" (frame-name frame)
                                       "callback" callback
                                       "process" (if (own-process) (encode (own-process)) :null)
                                       "args" (map 'vector #'encode arguments))))
        t))))

(declaim (ftype function run-operation call-with-unhandled)) ; operations.lisp
(defvar *rooted* nil "Whether what this process runs stands inside the handler of errors that nobody handled.")

(defun enter (callback arguments &key outer-p (system *system*))
  "Runs a callback in this thread and returns its values. It can be left by a throw at any moment:
by a kill, by a handler, by a restart."
  (unless *rooted*
    (return-from enter (call-with-unhandled (lambda () (enter callback arguments :outer-p outer-p :system system)))))
  (let ((frame (make-frame :thread (self) :outer-p outer-p :system system)))
    (protecting
        (when (announce frame callback arguments)
          (loop
            (wait-on-semaphore (frame-filled frame))
            (let ((item (with-lock ((frame-lock frame)) (pop (frame-queue frame)))))
              (ecase (first item)
                (:closed (return nil))
                (:values (return (values-list (map 'list #'decode (second item)))))
                (:call (destructuring-bind (id operation arguments keywords) (rest item)
                         (answer frame id (run-operation operation arguments keywords))))))))
      (bury frame))))
