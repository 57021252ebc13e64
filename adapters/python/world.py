# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes, their threads, waits, kills and cleanups.

One lock guards all. A process is a thread; what it waits for is an attempt, a function that gives
None as long as it can't have what it wants, and else has its effect and gives something.
"""

import collections
import os
import random
import threading
import time
import traceback

import wire
from choices import chosen, in_turn, upto
from values import Condition, type_error

LOCK = threading.RLock()
TIMEOUT = object()  # what a wait gives whose time is out


class Gone(BaseException):
    """The process was killed: it leaves all of its code."""


class Closed(BaseException):
    """The system is torn down: nothing runs any more."""


class Aborted(BaseException):
    """The case was given up: operations of the outermost process end."""


class Throw(BaseException):
    """Control goes to whoever catches this tag."""

    def __init__(self, tag, value=None):
        super().__init__()
        self.tag, self.value = tag, value


Datum = collections.namedtuple("Datum", "kind parts")  # an object made by new
Code = collections.namedtuple("Code", "callback")  # a function; None: one that returns nil


class Waiter:
    def __init__(self, process, attempt, killable):
        self.process, self.attempt, self.killable = process, attempt, killable
        self.woken = threading.Event()
        self.result = None


class System:
    def __init__(self, name):
        self.name = name
        self.objects, self.made = {}, 0
        self.functions, self.code, self.handlers = {}, {}, {}
        self.waiters, self.processes, self.frames = [], [], {}
        self.closed = self.aborted = False
        self.root = None
        self.ran = threading.Event()
        self.children = set()
        self.strangers = {}  # threads that are none of the processes: their references

    def named(self, kind, thing):
        """The reference by which an object is known."""
        with LOCK:
            self.made += 1
            name = "%s-%d" % (kind, self.made)
            self.objects[name] = thing
        return {"ref": name, "type": kind}

    def lookup(self, value):
        return self.objects.get(value["ref"]) if isinstance(value, dict) and "ref" in value else None

    def datum(self, value):
        thing = self.lookup(value)
        return thing if isinstance(thing, Datum) else None

    def process(self, value):
        thing = self.lookup(value)
        if not isinstance(thing, Process):
            raise type_error(value, "process")
        return thing

    def function(self, value):
        """The code of a function, or of a symbol that names one."""
        if isinstance(value, dict) and "sym" in value:
            value = self.functions.get((value["sym"], value.get("pkg")), value)
            if "sym" in value:
                raise Condition("undefined-function", "%s names no function" % value["sym"])
        thing = self.lookup(value)
        if not isinstance(thing, Code):
            raise type_error(value, "function")
        return thing

    def changed(self):
        """Something may let others go on: they look, or are served."""
        with LOCK:
            if chosen("hand-over") == "no":
                for waiter in in_turn("turn", self.waiters):
                    waiter.woken.set()
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

    def wait(self, process, attempt, timeout=None, between=False):
        """What attempt gives, or TIMEOUT. Between operations only some kills land."""
        try:
            return self.wait_here(process, attempt, timeout, between)
        except Gone:
            process.cleanups_first()
            raise

    def wait_here(self, process, attempt, timeout, between):
        killable = not between or chosen("kill-lands") == "anywhere"
        end = None if timeout is None else time.monotonic() + timeout
        with LOCK:
            self.check_open(process, between)
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
            with LOCK:
                waits = False
                try:
                    waiter.woken.clear()
                    self.check_open(process, between)
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

    def check_open(self, process, between):
        if self.closed:
            raise Closed()
        if self.aborted and process is self.root and not between:
            raise Aborted()

    def wake_all(self):
        for waiter in self.waiters:
            waiter.woken.set()


class Process:
    """A process is new, running, cleaning, cleaned - its cleanups done, but not all of it left -, dead."""

    def __init__(self, system, name, priority=0):
        self.system, self.name, self.priority, self.normal = system, name, priority, priority
        self.state = "new"
        self.asked = False  # to die
        self.kill_at = None  # when a kill may land
        self.unwinding = 0  # how many forms of unwind-protect run because it leaves
        self.left = False  # it is on its way out of its function
        self.handlers = []  # the innermost last: (kind, tag, function)
        self.cleanups, self.ran = [], []
        self.mailbox = None
        self.function = None
        self.internal = False
        self.ref = system.named("process", self)
        self.thread = None
        system.processes.append(self)

    # Kills.

    def dying(self):
        """A kill may land now."""
        return (self.kill_at is not None and time.monotonic() >= self.kill_at and self.state in ("new", "running")
                and (not self.left or chosen("second-kill") == "cuts"))

    def take_kill(self):
        self.kill_at, self.left = None, True

    def kill(self):
        """Ask it to die, perhaps a little later."""
        with LOCK:
            self.asked = True
            if self.state not in ("new", "running") or self.left and chosen("second-kill") == "ignored":
                return
            late = upto("kill-ms")
            self.kill_at = time.monotonic() + late
            if late:
                threading.Timer(late + 0.0005, self.wake).start()
            self.wake()

    def wake(self):
        with LOCK:
            for waiter in self.system.waiters:
                if waiter.process is self:
                    waiter.woken.set()

    def leave(self):
        """Leave the process for good."""
        with LOCK:
            self.asked, self.left, self.kill_at = True, True, None
        self.cleanups_first()
        raise Gone()

    def check(self, where):
        """A kill lands here, at the start of an operation or elsewhere."""
        with LOCK:
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
            with LOCK:
                self.state = "dead"
                system.changed()
            if root:
                system.ran.set()

    def run(self, code, args, root):
        try:
            if not root:
                late = upto("begin-ms")
                if late:
                    self.system.wait(self, lambda: None, late)
                self.check("start")
        except Gone:
            if chosen("unbegun-cleanups") == "run":
                self.clean_up()
            return
        with LOCK:
            self.state = "running"
            self.system.changed()
        try:
            Frame(self, code.callback, args).run()
            self.check("end")
        except Gone:
            pass
        except (Throw, Condition):
            if chosen("unhandled") == "debugger" and not root:
                try:
                    self.system.wait(self, lambda: None)
                except Gone:
                    pass
        self.clean_up()

    def cleanups_first(self):
        """Where a process runs its cleanups before it unwinds, it does so now."""
        if self.state == "running" and chosen("unwinding") == "after-cleanups":
            self.clean_up()

    def clean_up(self):
        """Run the registered cleanups, each once, those registered meanwhile too."""
        with LOCK:
            if self.state in ("cleaning", "cleaned", "dead"):
                return
            self.state, self.kill_at = "cleaning", None
            self.system.changed()
        while True:
            with LOCK:
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
            except (Throw, Condition):
                what = chosen("failed-form")
                if what == "ends":
                    with LOCK:
                        self.state = "cleaned"
                    return
                if what == "debugger":
                    self.system.wait(self, lambda: None)


class Cleanup:
    def __init__(self, form, priority, key):
        self.form, self.priority, self.key, self.code = form, priority, key, None

    def run(self, process):
        head, *args = self.form if isinstance(self.form, list) else [self.form]
        code = self.code or process.system.function(head)
        call(process, code, [process.ref] + args)


class Frame:
    """Code of the harness that runs in a process: it tells the operations, one at a time."""

    count = 0

    def __init__(self, process, callback, args):
        with LOCK:
            Frame.count += 1
            self.number = Frame.count
            self.system, self.process, self.callback, self.args = process.system, process, callback, args
            self.messages = collections.deque()
            self.open = None  # the request of the open operation
            self.dead = False
            FRAMES["f%d" % self.number] = ENTERED[self.number] = self

    def tell(self, status, **rest):
        """Answer the open operation."""
        with LOCK:
            request, self.open = self.open, None
        if request is not None:
            wire.answer(request, dict(rest, status=status), self.process.ref["ref"])

    def run(self):
        process = self.process
        wire.WRITER.post({"id": self.number, "method": "enter", "params": {
            "system": self.system.name, "frame": "f%d" % self.number, "callback": self.callback,
            "process": process.ref, "args": self.args}}, process.ref["ref"])
        try:
            while True:
                message = self.system.wait(process, lambda: self.messages.popleft() if self.messages else None, between=True)
                if message[0] == "returned":
                    process.check("end")
                    return message[1]
                if self.system.aborted and process is self.system.root:
                    self.tell("aborted")
                    continue
                try:
                    process.check("start")
                    time.sleep(upto("work-ms"))
                    outcome = PERFORM(self, *message[1:])
                    time.sleep(upto("work-ms"))
                    process.check("end")
                    self.tell(**outcome)
                except Aborted:
                    self.tell("aborted")
        finally:
            with LOCK:
                self.dead = True
            self.tell("gone")


def call(process, code, args):
    """Call a function on a process: its values."""
    return [None] if code.callback is None else Frame(process, code.callback, args).run()


FRAMES, ENTERED = {}, {}  # by name, and by the number of enter
PERFORM = None  # how an operation is performed: set by operations
