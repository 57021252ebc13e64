// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

package lisp

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// said is what a Lisp prints that runs a program in this folder; the test is skipped where it isn't installed.
func said(t *testing.T, program string, command ...string) string {
	t.Helper()
	lisp, err := exec.LookPath(command[0])
	if err != nil {
		t.Skipf("%s isn't installed", command[0])
	}
	path := filepath.Join(t.TempDir(), "test.lisp")
	if err := os.WriteFile(path, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, lisp, append(command[1:], path)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

var (
	sbcl = []string{"sbcl", "--script"}
	ecl  = []string{"ecl", "--norc", "--shell"}
)

// On ECL a thread that puts interrupts by loses none, whenever they come: each is sent once the one before was served.
func TestInterruptsThatArePutByAreServed(t *testing.T) {
	got := said(t, `
(load "parts.lisp" :verbose nil)
(cl-user::mpcheck-load (subseq (cl-user::mpcheck-kit "threads" "host") 0 3))
(in-package :mpcheck-adapter)
(defvar *served* 0)
(defvar *begun* nil)
(defvar *over* nil)
(let ((thread (make-thread "busy" (lambda ()
                                    (setf *begun* t)
                                    (loop until *over* do (without-interrupts (list 1 2))))))
      (sent 0))
  (loop until *begun* do (sleep 1/1000))
  (loop repeat 200
        do (incf sent)
           (interrupt thread (lambda () (let ((*held-off* t)) (incf *served*))))
           (loop repeat 5000 until (= *served* sent) do (sleep 1/1000))
        while (= *served* sent))
  (setf *over* t)
  (format t "~d of ~d~%" *served* sent))
`, ecl...)
	if got != "200 of 200" {
		t.Errorf("served: %s", got)
	}
}

// Who waits for room in a mailbox that its target no longer has hears of the end of the target (SEND-LIM-6).
func TestTheEndOfATargetWithAnotherMailboxIsHeard(t *testing.T) {
	const program = `
(load "portable/load.lisp" :verbose nil)
(in-package :portable-mp)
(let* ((full (make-mailbox :size 1))
       (target (process-run-function "target" (list :mailbox full) (lambda () (process-wait "a kill" (constantly nil)))))
       (sent :never)
       (sender (progn (mailbox-send full 0)
                      (process-run-function "sender" '() (lambda () (setf sent (process-send target 1 :limit 1)))))))
  (loop until (process-waits-on sender) do (sleep 1/1000))
  (setf (process-mailbox target) (make-mailbox))
  (process-kill target)
  (princ (list (process-join target :timeout 20) (process-join sender :timeout 20) sent)))
`
	for _, lisp := range [][]string{sbcl, ecl} {
		t.Run(lisp[0], func(t *testing.T) {
			if got := said(t, program, lisp...); got != "(T T NIL)" {
				t.Errorf("both have ended, nothing sent: %s", got)
			}
		})
	}
}
