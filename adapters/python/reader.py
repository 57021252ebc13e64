# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The adapter's end of the connection: hands each message to whom it concerns, and opens and closes systems."""

import os
import sys
import threading
import time

from operations import hosted
from wire import IN, OUT, WRITER, answer, messages
from world import ENTERED, FRAMES, LOCK, Code, Process, System


class Reader:
    """Hands each message to whom it concerns; it executes nothing."""

    def __init__(self, handshake, end_children):
        self.handshake, self.end_children = handshake, end_children
        self.system = None

    def handle(self, message):
        request, params = message.get("id"), message.get("params", {})
        if "method" not in message:
            self.returned(request, message.get("result") or {})
        elif message["method"] in ("hello", "open", "call", "abort", "finish", "close", "ping", "bye"):
            getattr(self, message["method"])(request, params)
        else:
            WRITER.post({"id": request, "error": {"code": -32601, "message": "no method " + message["method"]}})

    def hello(self, request, params):
        answer(request, self.handshake)

    def ping(self, request, params):
        answer(request, {})

    def open(self, request, params):
        system = self.system = System(params["system"])
        system.root = Process(system, "outermost")
        answer(request, {})
        system.root.begin(Code(0), [], root=True)

    def deliver(self, frame, message):
        with LOCK:
            frame.messages.append(message)
            frame.system.changed()
            frame.process.wake()

    def returned(self, number, result):
        frame = ENTERED.pop(number, None)
        if frame and not frame.dead:
            self.deliver(frame, ("returned", hosted(frame.system, result.get("values") or [])))

    def call(self, request, params):
        frame = FRAMES.get(params["frame"])
        with LOCK:
            dead = frame is None or frame.dead
            if not dead:
                frame.open = request
        if dead:
            answer(request, {"status": "gone"}, frame and frame.process.ref["ref"])
        else:
            self.deliver(frame, ("call", params["op"], params.get("args") or [], params.get("keys") or []))

    def abort(self, request, params):
        with LOCK:
            self.system.aborted = True
            self.system.wake_all()
            # Where it waits in the host, nothing but this ends the operation.
            for frame in [f for f in FRAMES.values() if f.process is self.system.root and f.open is not None][-1:]:
                frame.tell("aborted")
        answer(request, {})

    def finish(self, request, params):
        self.later(lambda system: (system.ran.wait(), answer(request, {}, last=True)))

    def close(self, request, params):
        with LOCK:
            left = sum(process.state != "dead" for process in self.system.processes)
            self.system.closed = self.system.aborted = True
            self.system.wake_all()
        self.later(lambda system: answer(request, dict(self.tear_down(system), processes=left), last=True))

    def bye(self, request, params):
        answer(request, {}, last=True)
        WRITER.end()
        time.sleep(5)
        os._exit(0)

    def later(self, what):
        threading.Thread(target=what, args=(self.system,), daemon=True).start()

    def tear_down(self, system):
        """End what is left of a closed system. The children come first: a process may be waiting for one."""
        ended = self.end_children(system)
        for process in system.processes:
            process.thread.join(5)
        ended += self.end_children(system)
        FRAMES.clear()
        return {"children": ended, "unclean": any(process.thread.is_alive() for process in system.processes)}


def serve(name, version, profile, operations, end_children):
    """Serve until the harness goes; end_children ends what a system's operations have left running, and counts it."""
    os.set_inheritable(IN, False)
    os.set_inheritable(OUT, False)
    sys.setswitchinterval(0.0005)
    reader = Reader({
        "contract": "v1", "name": name, "version": version, "capabilities": ["core", "posix"], "profile": profile,
        "operations": operations, "clock": "real", "granularityMs": 1, "pid": os.getpid()}, end_children)
    for message in messages():
        reader.handle(message)
    os._exit(0)
