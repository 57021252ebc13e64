# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Cleanups: what is done as a process ends, however it ends (CLEAN-RUN-1)."""

import operator
import threading

from .errors import DeadProcess, ProcessError, report

LOWEST, HIGHEST = -1000000, 1000000  # priorities, both included (CLEAN-PRI-1)


class Registered:
    def __init__(self, form, priority):
        self.form, self.priority = form, priority


class Cleanups:
    """Those of one process. They wait, then they run, and then all is over."""

    def __init__(self):
        self.state = "waiting"
        self._lock = threading.Lock()
        self._registered, self._begun = [], []

    def ensure(self, form, priority=0, force=False, same=operator.eq):
        """Have form run once as the process ends.

        form is a function of the process, or a tuple of a function and what it is given after the process (CLEAN-FORM-1,
        -2). A lower priority runs earlier, an older one before its equals (CLEAN-ORDER-1).

        False where the same form has this priority already (CLEAN-DUP-3, -4); with another priority it is an error
        (CLEAN-DUP-5), or by force it is moved (CLEAN-DUP-7). Forms are the same that same says are, == without.

        While the cleanups run what is registered runs too, in its turn, unless it has run already (CLEAN-PROC-6); after
        them it is an error (CLEAN-PROC-5)."""
        if isinstance(priority, bool) or not isinstance(priority, int):
            raise TypeError("a priority is an integer, not %r" % (priority,))
        if not LOWEST <= priority <= HIGHEST:
            raise ValueError("priorities are from %d to %d, not %d" % (LOWEST, HIGHEST, priority))
        if not callable(form[0] if isinstance(form, tuple) and form else form):
            raise TypeError("a cleanup is a function, or a tuple that begins with one, not %r" % (form,))
        with self._lock:
            if self.state == "over":
                raise DeadProcess("the process has ended")
            if any(same(old.form, form) for old in self._begun):
                return False
            for old in self._registered:
                if same(old.form, form):
                    if old.priority == priority:
                        return False
                    if not force:
                        raise ProcessError("it is registered with priority %d" % old.priority)
                    self._registered.remove(old)
                    break
            self._registered.append(Registered(form, priority))
            return True

    def run(self, process):
        """Run them, each once, in the process itself (CLEAN-RUN-2, CLEAN-PROC-3). A form that fails doesn't keep the
        others from running (CLEAN-ERR-1)."""
        self.state = "running"
        while True:
            with self._lock:
                if not self._registered:
                    self.state = "over"
                    return
                first = min(self._registered, key=lambda registered: registered.priority)
                self._registered.remove(first)
                self._begun.append(first)
            function, *args = first.form if isinstance(first.form, tuple) else (first.form,)
            try:
                function(process, *args)
            except Exception:
                report()
            except BaseException:
                pass  # whatever it threw goes no further
