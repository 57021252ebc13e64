# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes, their threads, waits, kills and cleanups.

One lock guards all. A process is a thread; what it waits for is an attempt, a function that gives
None as long as it can't have what it wants, and else has its effect and gives something.
"""

import contextlib
import os
import random
import threading
import time
import traceback

import children
from choices import chosen, in_turn, upto
from mpcheck_kit import TIMEOUT, Condition, System, Throw, Unhandled, function_of, type_error
from mpcheck_kit.frames import Aborted, Closed


class Gone(BaseException):
    """The process was killed: it leaves all of its code."""


class Waiter:
    def __init__(self, process, attempt, killable):
        self.process, self.attempt, self.killable = process, attempt, killable
        self.woken = threading.Event()
        self.result = None


class World(System):
    def __init__(self, name, writer):
        super().__init__(name, writer)
        self.handlers, self.waiters, self.all = {}, [], []
        self.children = set()

    def begin(self):
        Process(self, "outermost").begin(self.run_test, [], root=True)

    def current(self):
        return getattr(threading.current_thread(), "process", None)

    def processes(self):
        return [process for process in self.all if process.state != "dead"]

    def join(self, process, timeout):
        process.thread.join(timeout)
        return not process.thread.is_alive()

    def end_children(self):
        return children.end_children(self)

    def perform(self, operation):
        process = self.current()
        self.check_open()
        process.check("start")
        time.sleep(upto("work-ms"))
        outcome = operation()
        time.sleep(upto("work-ms"))
        process.check("end")
        return outcome

    def leave_code(self):
        self.current().check("end")

    @contextlib.contextmanager
    def unwinding(self):
        process = self.current()
        process.unwinding += 1
        try:
            yield
        finally:
            process.unwinding -= 1

    def deliver(self, process):
        with self.lock:
            self.changed()
            process.wake()

    def changed(self):
        """Something may let others go on: they look, or are served."""
        with self.lock:
            if chosen("hand-over") == "no" or self.aborted:
                for waiter in in_turn("turn", self.waiters):
                    waiter.woken.set()
            if chosen("hand-over") == "no":
                return
            served = True
            while served:
                served = False
                for waiter in in_turn("turn", self.waiters):
                    if waiter.result is not None:
                        continue
                    if chosen("killed-waiter") == "gets-nothing" and waiter.killable and waiter.process.dying():
                        continue
                    waiter.result = waiter.attempt()
                    if waiter.result is not None:
                        waiter.woken.set()
                        served = True
                        break

    def wait(self, ready, timeout=None, between=False):
        """Between operations only some kills land."""
        process = self.current()
        try:
            return self.wait_here(process, ready, timeout, between)
        except Gone:
            process.cleanups_first()
            raise

    def wait_here(self, process, attempt, timeout, between):
        killable = not between or chosen("kill-lands") == "anywhere"
        end = None if timeout is None else time.monotonic() + timeout
        with self.lock:
            self.check_open(between)
            result = attempt()
            if result is not None:
                self.changed()
                return result
            waiter = Waiter(process, attempt, killable)
            self.waiters.append(waiter)
            if killable and process.dying():
                waiter.woken.set()
        while True:
            left = None if end is None else end - time.monotonic()
            if left is None or left > 0:
                waiter.woken.wait(left)
            # It is removed before the lock is let go: what is granted to it later would be lost.
            with self.lock:
                waits = False
                try:
                    waiter.woken.clear()
                    self.check_open(between)
                    granted = waiter.result is not None
                    if killable and process.dying() and not (granted and chosen("granted-killed") == "keeps"):
                        process.take_kill()
                        raise Gone()
                    if not granted:
                        waiter.result = attempt() if chosen("hand-over") == "no" else None
                    if waiter.result is not None:
                        self.changed()
                        return waiter.result
                    if end is not None and time.monotonic() >= end:
                        return TIMEOUT
                    waits = True
                finally:
                    if not waits:
                        self.waiters.remove(waiter)


class Process:
    """A process is new, running, cleaning, cleaned - its cleanups done, but not all of it left -, dead."""

    def __init__(self, system, name, priority=0):
        self.system, self.name, self.priority, self.normal = system, name, priority, priority
        self.state = "new"
        self.asked = False  # to die
        self.kill_at = None  # when a kill may land
        self.unwinding = 0  # how many forms of unwind-protect run because it leaves
        self.left = False  # it is on its way out of its function
        self.cleanups, self.ran = [], []
        self.mailbox = None
        self.function = None
        self.internal = False
        self.thread = None
        system.all.append(self)

    # Kills.

    def dying(self):
        """A kill may land now."""
        return (self.kill_at is not None and time.monotonic() >= self.kill_at and self.state in ("new", "running")
                and (not self.left or chosen("second-kill") == "cuts"))

    def take_kill(self):
        self.kill_at, self.left = None, True

    def kill(self):
        """Ask it to die, perhaps a little later."""
        with self.system.lock:
            self.asked = True
            if self.state not in ("new", "running") or self.left and chosen("second-kill") == "ignored":
                return
            late = upto("kill-ms")
            self.kill_at = time.monotonic() + late
            if late:
                threading.Timer(late + 0.0005, self.wake).start()
            self.wake()

    def wake(self):
        with self.system.lock:
            for waiter in self.system.waiters:
                if waiter.process is self:
                    waiter.woken.set()

    def leave(self):
        """Leave the process for good."""
        with self.system.lock:
            self.asked, self.left, self.kill_at = True, True, None
        self.cleanups_first()
        raise Gone()

    def check(self, where):
        """A kill lands here, at the start of an operation or elsewhere."""
        with self.system.lock:
            if self.system.closed:
                raise Closed()
            if not self.dying() or where != "start" and (chosen("kill-lands") != "anywhere" or random.random() < 0.3):
                return
            self.take_kill()
        self.cleanups_first()
        raise Gone()

    # The life.

    def begin(self, code, args, root=False):
        name = self.name if isinstance(self.name, str) else None
        self.thread = threading.Thread(name=name, target=self.live, args=(code, args, root), daemon=True)
        self.thread.process = self
        self.thread.start()

    def live(self, code, args, root):
        system = self.system
        try:
            self.run(code, args, root)
        except (Closed, Aborted, Gone):
            pass
        except BaseException:
            # A fault of this program, not of what it implements: it ends, so that nobody takes it for
            # a process that was killed.
            traceback.print_exc()
            os._exit(70)
        finally:
            with self.system.lock:
                self.state = "dead"
                system.changed()

    def run(self, code, args, root):
        try:
            if not root:
                late = upto("begin-ms")
                if late:
                    self.system.wait(lambda: None, late)
                self.check("start")
        except Gone:
            if chosen("unbegun-cleanups") == "run":
                self.clean_up()
            return
        with self.system.lock:
            self.state = "running"
            self.system.changed()
        try:
            code(*args)
            self.check("end")
        except Gone:
            pass
        except (Throw, Unhandled):
            if chosen("unhandled") == "debugger" and not root:
                try:
                    self.system.wait(lambda: None)
                except Gone:
                    pass
        self.clean_up()

    def cleanups_first(self):
        """Where a process runs its cleanups before it unwinds, it does so now."""
        if self.state == "running" and chosen("unwinding") == "after-cleanups":
            self.clean_up()

    def clean_up(self):
        """Run the registered cleanups, each once, those registered meanwhile too."""
        with self.system.lock:
            if self.state in ("cleaning", "cleaned", "dead"):
                return
            self.state, self.kill_at = "cleaning", None
            self.system.changed()
        while True:
            with self.system.lock:
                if not self.cleanups:
                    self.state = "cleaned"
                    return
                least = min(cleanup.priority for cleanup in self.cleanups)
                cleanup = in_turn("equals", [c for c in self.cleanups if c.priority == least])[0]
                self.cleanups.remove(cleanup)
                self.ran.append(cleanup)
            time.sleep(upto("work-ms"))
            try:
                cleanup.run(self)
            except (Throw, Unhandled, Condition):
                what = chosen("failed-form")
                if what == "ends":
                    with self.system.lock:
                        self.state = "cleaned"
                    return
                if what == "debugger":
                    self.system.wait(lambda: None)


class Cleanup:
    def __init__(self, form, priority, key):
        self.form, self.priority, self.key, self.code = form, priority, key, None

    def run(self, process):
        head, *args = self.form if isinstance(self.form, list) else [self.form]
        (self.code or function_of(head))(process, *args)
