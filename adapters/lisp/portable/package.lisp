;;;; Copyright the mpcheck authors. SPDX-License-Identifier: MIT
;;;; Processes in the manner of LispWorks, in portable Common Lisp: cleanups that run as a process ends,
;;;; mailboxes, sends with a limit, and events. It needs of the host what threads.lisp has, and nothing else.
;;;;
;;;; Load load.lisp, or copy this folder. The names are the documented ones; what each does is said in the
;;;; manuals, and at each function here what they leave open.

(defpackage :portable-mp
  (:use :common-lisp)
  (:export
   ;; processes.lisp
   #:process #:processp #:process-run-function #:get-current-process #:process-name
   #:list-all-processes #:processes-count #:ps #:get-process #:find-process-from-name
   #:process-alive-p #:process-join #:process-wait #:process-wait-with-timeout
   #:process-internal-server-p #:any-other-process-non-internal-server-p
   #:*default-process-priority* #:process-priority #:change-process-priority
   #:*unhandled-error*
   ;; interrupts.lisp, kills.lisp
   #:with-interrupts-blocked #:allowing-block-interrupts #:current-process-block-interrupts
   #:current-process-unblock-interrupts #:process-interrupt
   #:current-process-kill #:process-kill
   #:process-terminate #:current-process-set-terminate-method
   ;; cleanups.lisp
   #:ensure-process-cleanup #:current-process-in-cleanup-p
   ;; mailboxes.lisp
   #:mailbox #:mailbox-p #:make-mailbox #:mailbox-send #:mailbox-read #:mailbox-peek #:mailbox-wait
   #:mailbox-empty-p #:mailbox-not-empty-p #:mailbox-count #:mailbox-size #:mailbox-full-p
   #:mailbox-name
   ;; sends.lisp
   #:mailbox-send-limited #:process-mailbox #:process-send
   ;; events.lisp
   #:mailbox-wait-for-event #:process-wait-for-event #:general-handle-event
   #:process-all-events #:wait-processing-events))
