# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes that are threads of Python, for an adapter whose subject is something else: most cases need some.

All is composed. A kill reaches a process in the kit's waits and before its operations, and nowhere within a function of
the host.
"""

import threading

from .frames import TIMEOUT, System, Throw, Unhandled, system
from .kit import wait_function
from .operations import function_of, operation
from .values import Condition, elements, seconds, text_of, type_error


class Killed(BaseException):
    """The process is left."""


class Process:
    """A thread that can be asked to end."""

    def __init__(self, system, name, run):
        """It begins at once; run is a function without arguments."""
        self.system, self.name, self.over = system, name, threading.Event()
        self.killed = self.left = False  # asked to end; on its way out of its function, which no second kill cuts short
        self.thread = threading.Thread(target=self.live, args=(run,), name=name, daemon=True)
        self.thread.process = self
        system.all.append(self)
        try:
            self.thread.start()
        except RuntimeError:
            system.all.remove(self)
            raise

    def live(self, run):
        try:
            self.system.check()
            run()
        except (Killed, Throw, Unhandled):
            pass
        except BaseException:
            if not self.system.closed:
                raise
        finally:
            self.over.set()
            self.system.changed()

    def kill(self):
        self.killed = True
        self.system.changed()

    def leave(self):
        self.left = True
        raise Killed()


class ThreadSystem(System):
    def __init__(self, name, writer):
        super().__init__(name, writer)
        self.all = []

    def begin(self):
        Process(self, "test", self.run_test)

    def current(self):
        return getattr(threading.current_thread(), "process", None)

    def check(self):
        process = self.current()
        if process is not None and process.killed and not process.left:
            process.leave()

    def perform(self, operation):
        self.check()
        return operation()

    def processes(self):
        return [process for process in self.all if not process.over.is_set()]

    def end(self, process):
        process.kill()

    def join(self, process, timeout):
        return process.over.wait(timeout)


def composed(name):
    return operation(name, claim="composed")


def process_of(value):
    if not isinstance(value, Process):
        raise type_error(value, "process")
    return value


@composed("process-run-function")
def process_run_function(name, keywords, function, *args):
    if elements(keywords):
        raise Condition("program-error", "no keywords are known here")
    if text_of(name) is None:
        raise type_error(name, "name")
    function = function_of(function)
    return Process(system(), text_of(name), lambda: function(*args))


@composed("process-kill")
def process_kill(process):
    process_of(process).kill()


@composed("current-process-kill")
def current_process_kill():
    system().current().leave()


@composed("process-join")
def process_join(process, timeout=None):
    over = process_of(process).over
    return system().wait(lambda: over.is_set() or None, seconds(timeout)) is True


@composed("process-alive-p")
def process_alive_p(process):
    return not process_of(process).over.is_set()


@composed("process-name")
def process_name(process):
    return process_of(process).name


@composed("get-current-process")
def get_current_process():
    return system().current()


def wait(predicate, timeout):
    ready = wait_function(predicate)
    return system().wait(lambda: ready() or None, seconds(timeout)) is not TIMEOUT


@composed("process-wait")
def process_wait(reason, predicate):
    return wait(predicate, None)


@composed("process-wait-with-timeout")
def process_wait_with_timeout(reason, timeout, predicate):
    return wait(predicate, timeout)
