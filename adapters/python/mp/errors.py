# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""What goes wrong with processes."""

import sys
import threading


class ProcessError(RuntimeError):
    """What can't be done with a process."""


class DeadProcess(ProcessError):
    """What can't be done with a process that is dead. Nothing was done: whoever catches it goes on."""


class Killed(BaseException):
    """Unwinds a process that was killed. Raise it again where you catch it: a process is told once."""


def report():
    """Tell of the error that is being handled here and that nobody else handles, as a thread's is told of.

    It raises nothing: what comes after it in a process is not to be lost for want of somebody who hears."""
    try:
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
    except Exception:
        pass
