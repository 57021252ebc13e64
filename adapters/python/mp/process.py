# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes: threads that have a name, a priority, a mailbox, and can be killed where they wait."""

import threading
import time

from .cleanup import Cleanups
from .errors import Killed, report

POLL = 0.02  # seconds after which a function that somebody waits for is looked at again


def deadline(timeout):
    """When a time-out is over, by time.monotonic; None without one. None that has passed is an error."""
    if timeout is None:
        return None
    return time.monotonic() + max(0.0, float(timeout))


def time_left(end):
    return None if end is None else end - time.monotonic()


class Process:
    """A thread of control (PROC-CREATE-1). It is new, then running, ending while its cleanups run, and dead."""

    def __init__(self, function, *args, name="anonymous", priority=0, mailbox=None):
        """Call function with args in a thread of its own, which begins at once (PROC-CREATE-3, -12)."""
        self._describe(name, priority, mailbox)
        self._thread = threading.Thread(target=self._live, args=(function, args), name=name, daemon=True)
        with _TABLE:
            _PROCESSES.append(self)
        try:
            self._thread.start()
        except RuntimeError:  # there are too many threads
            with _TABLE:
                _PROCESSES.remove(self)
            raise

    def _describe(self, name, priority, mailbox):
        self.name, self.priority = name, priority
        self._lock = threading.Lock()  # guards the state and the mailbox
        self._ended = threading.Condition(self._lock)
        self._state = "new"
        self._mailbox = mailbox
        self._cleanups = Cleanups()
        self._killed = self._leaving = self._abandoned = False
        self._waits_on = None  # the condition on which it waits
        self._news, self._looks = threading.Condition(), 0

    def __repr__(self):
        return "<Process %s %s>" % (self.name, self._state)

    # What a process is.

    @property
    def alive(self):
        """Whether it is not dead; it is alive in its cleanups (PROC-ALIVE-1, -2)."""
        return self._state != "dead"

    @property
    def in_cleanup(self):
        """Whether its cleanups run (CLEAN-INP-1)."""
        return self._cleanups.state == "running"

    @property
    def mailbox(self):
        """Its mailbox; None while it has none (MBOX-PM-1)."""
        return self._mailbox

    @mailbox.setter
    def mailbox(self, mailbox):
        with self._lock:
            self._mailbox = mailbox

    # How it ends.

    def kill(self):
        """Have it leave its function where it waits, or at its next wait or check (PROC-KILL-1, -2). Its finally clauses
        run, then its cleanups. A process that ends already is not told again (PROC-KILL-5, -6)."""
        if self is current_process() and self._state == "running":
            self.leave()
        self._killed = True
        self._wake()

    def abandon(self):
        """Have it leave whatever it waits for from now on, in its cleanups too, which no kill cuts short: for the end of
        a program, or of a test."""
        self._abandoned = True
        self._wake()

    def _wake(self):
        waits_on = self._waits_on
        if waits_on is not None:
            with waits_on:
                waits_on.notify_all()

    def leave(self):
        """End the current process (PROC-EXIT-2); in its cleanups that does nothing (PROC-EXIT-6)."""
        if self._state in ("new", "running"):
            self._leaving = True
            raise Killed()

    def check(self):
        """Leave if somebody has killed this process, which is the current one."""
        if self._abandoned:
            raise Killed()
        if self._killed and not self._leaving:
            self.leave()

    def join(self, timeout=None):
        """Wait until it is dead, its cleanups done; False if timeout seconds pass first (PROC-JOIN-1, -2, -5)."""
        end = deadline(timeout)
        with self._lock:
            return wait(self._ended, lambda: self._state == "dead", end)

    def _live(self, function, args):
        _HERE.process = self
        try:
            self.check()  # killed before it has begun: its function never runs (PROC-KILL-8)
            self._state = "running"
            function(*args)
        except Killed:
            pass
        except Exception:
            report()  # it ends all the same (PROC-EXIT-4, CLEAN-RUN-5)
        except BaseException:
            pass
        finally:
            self._state = "ending"
            self._cleanups.run(self)
            with _TABLE:
                _PROCESSES.remove(self)
            with self._lock:
                self._state = "dead"
                self._ended.notify_all()


_TABLE, _PROCESSES = threading.Lock(), []
_HERE = threading.local()


def current_process():
    """The process whose thread this is (PROC-CUR-1). A thread that is none gets one (PROC-CUR-4), which is in no list."""
    process = getattr(_HERE, "process", None)
    if process is None:
        process = _HERE.process = Process.__new__(Process)
        process._describe(threading.current_thread().name, 0, None)
        process._state = "running"
    return process


def ensure_cleanup(form, priority=0, force=False, process=None, **rest):
    """Have form run as a process ends, the current one where none is named (CLEAN-PROC-1, -2): Cleanups.ensure."""
    return (process or current_process())._cleanups.ensure(form, priority, force, **rest)


def current_process_in_cleanup():
    """Whether the current process runs its cleanups (CLEAN-INP-1, -2)."""
    return current_process().in_cleanup


def processes():
    """All that are not dead, oldest first (PROC-LIST-1)."""
    with _TABLE:
        return list(_PROCESSES)


def find_process(name):
    """The oldest of the highest priority among those of a name; None (PROC-NAME-6)."""
    return max((process for process in processes() if process.name == name), key=lambda process: process.priority, default=None)


def wait(condition, ready, end, stop=None):
    """Wait on a condition, whose lock is held, until ready() is true; then the caller does, at once, what it waited for.

    False where the time is over first, or stop() is true: that is called with the lock let go, when somebody notifies
    and every POLL seconds. A kill raises Killed. One waiter is woken for one change: whoever leaves without having
    used it wakes another."""
    process = current_process()
    process._waits_on = condition  # before the look at kills: whoever kills later finds it
    try:
        while True:
            process.check()
            if ready():
                return True
            left = time_left(end)
            if left is not None and left <= 0:
                return False
            if stop is not None:
                condition.release()
                try:
                    stopped = stop()
                finally:
                    condition.acquire()
                if stopped:
                    condition.notify()
                    return False
                if ready():
                    return True
                left = POLL if left is None else min(left, POLL)
            condition.wait(left)
    except BaseException:
        condition.notify()
        raise
    finally:
        process._waits_on = None


def process_wait(function, timeout=None):
    """Wait until function() is true; False once the time is over (PROC-WAIT-1). It is called here, with no lock held,
    when somebody says look_again and every POLL seconds."""
    process, end = current_process(), deadline(timeout)
    while True:
        seen = process._looks
        process.check()
        if function():
            return True
        left = time_left(end)
        if left is not None and left <= 0:
            return False
        with process._news:
            process._waits_on = process._news
            try:
                process.check()
                if process._looks == seen:
                    process._news.wait(POLL if left is None else min(left, POLL))
            finally:
                process._waits_on = None


def look_again(*which):
    """Have processes in process_wait look at their functions now: these, or all."""
    for process in which or processes():
        with process._news:
            process._looks += 1
            process._news.notify_all()
