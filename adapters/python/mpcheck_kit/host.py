# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""A system whose host has processes of its own, and a wait that their kills end."""

from .frames import TIMEOUT, System
from .values import type_error


class HostSystem(System):
    """An adapter says what each of these is: current, check, processes, end and join as for any System, and

    start(run)                   make a process that runs a function
    host_wait(function, timeout) wait in the current process until a function is true; false once the time is over
    look_again(*processes)       have these, or all, look at such functions now
    """

    def begin(self):
        self.start(self.run_test)

    def wait(self, ready, timeout=None, between=False):
        found = []

        def look():
            self.check_open(between)
            with self.lock:
                found.append(ready())
            return found[-1] is not None
        return found[-1] if self.host_wait(look, timeout) else TIMEOUT

    def changed(self):
        self.look_again()

    def deliver(self, process):
        self.look_again(process)

    def perform(self, operation):
        self.check()
        return operation()


def of(kind):
    """What makes sure that an argument is of a class of the host."""
    def check(value):
        if not isinstance(value, kind):
            raise type_error(value, kind.__name__.lower())
        return value
    return check
