# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Systems, and frames: code of the harness that runs in a process here."""

import collections
import contextlib
import itertools
import os
import threading
import time
import traceback

from .names import Names

TIMEOUT = object()  # what a wait gives whose time is out
NUMBERS = itertools.count(1)  # of the requests of this side


class Closed(BaseException):
    """The system is torn down: nothing runs any more."""


class Aborted(BaseException):
    """The case was given up: operations of the outermost process end."""


class Throw(BaseException):
    """Control goes to whoever catches this tag."""

    def __init__(self, tag, value=None):
        super().__init__()
        self.tag, self.value = tag, value


class Unhandled(BaseException):
    """An error that nobody handles leaves the code of its process."""


class Here(threading.local):
    """What this thread runs: its frames, the innermost last, and its handlers, as (kind, tag, function)."""

    def __init__(self):
        self.frames, self.handlers = [], []


HERE = Here()


def frame():
    """The frame whose operation this thread performs."""
    return HERE.frames[-1]


def system():
    """The system that this thread is of: where it runs no code of the harness, the one that was opened last."""
    return HERE.frames[-1].system if HERE.frames else System.opened


class Function:
    """Code of the harness, to be called as any function; its values come as a list.

    The code of no callback does nothing, and its value is nil."""

    def __init__(self, system, callback):
        self.system, self.callback = system, callback

    def __call__(self, *args):
        return [None] if self.callback is None else Frame(self.system, self.callback, args).run()


class System:
    """One world: all that there is between open and close. An adapter's own is derived from it, and says what its
    processes are: the methods of the second half."""

    opened = None  # the last one

    def __init__(self, name, writer):
        """A system is made by the thread that reads; begin comes after it."""
        System.opened = self
        self.name, self.writer = name, writer
        self.lock = threading.RLock()  # guards all that this kit shares
        self.news = threading.Condition(self.lock)
        self.names = Names(self.lock, lambda number: Function(self, number))
        self.functions = {}  # by the symbol that names it
        self.own = {}  # the adapter's, by any key
        self.frames, self.entered = {}, {}  # frames by name, and by the number of enter
        self.closed = self.aborted = False
        self.root = None  # the process of the outermost frame
        self.ran = threading.Event()  # set once that frame has ended

    def run_test(self):
        """The test itself, to be run by the process that begin makes."""
        try:
            Frame(self, 0, [], outermost=True).run()
        except (Closed, Aborted, Throw, Unhandled):
            pass
        finally:
            self.ran.set()

    def post(self, message, process=None, last=False):
        self.writer.post(message, None if process is None else self.names.reference(process)["ref"], last)

    def check_open(self, between=False):
        """Nothing goes on in a system that is closed, nor an operation of the test's process once it is given up."""
        if self.closed:
            raise Closed()
        if self.aborted and not between and self.current() is self.root:
            raise Aborted()

    # What an adapter may have otherwise.

    def begin(self):
        """Make a process that calls run_test."""
        raise NotImplementedError

    def current(self):
        """The process whose thread this is."""
        raise NotImplementedError

    def check(self):
        """Raise what unwinds the current process where it is to be left. It is called with the lock held."""

    def wait(self, ready, timeout=None, between=False):
        """What ready gives once that is not None, or TIMEOUT after so many seconds. A kill has to reach who waits here.

        between: it waits for what its code does next, in no operation."""
        end = None if timeout is None else time.monotonic() + timeout
        with self.lock:
            while True:
                self.check_open(between)
                self.check()
                found = ready()
                if found is not None:
                    return found
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    return TIMEOUT
                self.news.wait(left)

    def changed(self):
        """Something has changed that others may wait for. Each operation calls it as it is over."""
        with self.lock:
            self.news.notify_all()

    def deliver(self, process):
        """There is something to do for a process that waits between operations."""
        self.changed()

    def perform(self, operation):
        """Call a function that performs an operation, and gives its outcome."""
        return operation()

    def leave_code(self):
        """A function of the harness has returned, and its frame with it."""

    def unwinding(self):
        """A context within which the cleanup of an unwind-protect runs, because its body was left."""
        return contextlib.nullcontext()

    def processes(self):
        """The processes that are not over."""
        raise NotImplementedError

    def end(self, process):
        """Have a process end, as its system is closed."""

    def join(self, process, timeout):
        """Whether a process is over, at last after so many seconds."""
        raise NotImplementedError

    def end_children(self):
        """End what operations have left running in the operating system: how many that were."""
        return 0


class Frame:
    """Code of the harness that runs in a process: it tells the operations, one at a time."""

    def __init__(self, system, callback, args, outermost=False):
        self.system, self.callback, self.args = system, callback, args
        self.process = system.current()
        self.messages = collections.deque()
        self.request = None  # that of the open operation
        self.dead = False
        with system.lock:
            if outermost:
                system.root = self.process
            if system.closed:
                raise Closed()
            self.number = next(NUMBERS)
            self.name = "f%d" % self.number
            system.entered[self.number] = system.frames[self.name] = self

    def tell(self, outcome):
        """Answer the open operation, unless somebody has."""
        with self.system.lock:
            request, self.request = self.request, None
        if request is not None:
            self.system.post({"id": request, "result": outcome}, self.process)

    def run(self):
        """Do what the harness says until its code returns: the values."""
        system, names = self.system, self.system.names
        system.post({"id": self.number, "method": "enter", "params": {
            "system": system.name, "frame": self.name, "callback": self.callback,
            "process": self.process and names.reference(self.process),
            "args": [names.encode(value) for value in self.args]}}, self.process)
        HERE.frames.append(self)
        try:
            while True:
                kind, *message = system.wait(lambda: self.messages.popleft() if self.messages else None, between=True)
                if kind == "returned":
                    system.leave_code()
                    return message[0]
                try:
                    outcome = system.perform(lambda: PERFORM(self, *message))
                except Aborted:
                    outcome = {"status": "aborted"}
                self.tell(outcome)
        except Exception:
            # A fault of this program, not of what it implements: it ends, so that nobody takes it for
            # a process that was killed.
            traceback.print_exc()
            os._exit(70)
        finally:
            HERE.frames.pop()
            with system.lock:
                self.dead = True
            self.tell({"status": "gone"})


PERFORM = None  # how an operation is performed: set by operations
