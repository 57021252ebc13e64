#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Lisp-style processes in Python, written from the clauses alone, as an adapter for mpcheck.

It decides what the documents leave open by its environment (choices.py), so that one program is many
implementations that are all right:

    C=unwinding=after-cleanups,tell-ms=5 mpcheck run -- python3 adapters/python/liberties.py

sets.txt has sets of choices; make strangers judges it with each.
"""

import os
import sys
import threading
import time

import children  # noqa: F401 - these enter their operations
import cleanups  # noqa: F401
import events  # noqa: F401
import kit  # noqa: F401
import processes  # noqa: F401
import sends  # noqa: F401
from operations import CLAIMS, hosted
from wire import IN, OUT, WRITER, answer, messages
from world import ENTERED, FRAMES, LOCK, Code, Process, System

HANDSHAKE = {
    "contract": "v0", "name": "python-liberties", "version": "1", "capabilities": ["core", "posix"],
    "profile": ["allegro-6", "allegro-7+", "posix-waitpid", "lispworks-4", "lispworks-6", "lispworks-7", "lispworks-8"],
    "operations": CLAIMS, "clock": "real", "granularityMs": 1, "pid": os.getpid(),
}


class Reader:
    """Hands each message to whom it concerns."""

    def __init__(self):
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
        answer(request, HANDSHAKE)

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
        answer(request, {})

    def finish(self, request, params):
        self.later(lambda system: (system.ran.wait(), answer(request, {}, last=True)))

    def close(self, request, params):
        with LOCK:
            left = sum(process.state != "dead" for process in self.system.processes)
            self.system.closed = self.system.aborted = True
            self.system.wake_all()
        self.later(lambda system: answer(request, dict(tear_down(system), processes=left), last=True))

    def bye(self, request, params):
        answer(request, {}, last=True)
        WRITER.end()
        time.sleep(5)
        os._exit(0)

    def later(self, what):
        threading.Thread(target=what, args=(self.system,), daemon=True).start()


def tear_down(system):
    """End what is left of a closed system."""
    for process in system.processes:
        process.thread.join(5)
    ended = 0
    for pid in system.children:
        try:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            ended += 1
        except OSError:
            pass
    FRAMES.clear()
    return {"children": ended, "unclean": any(process.thread.is_alive() for process in system.processes)}


def main():
    os.set_inheritable(IN, False)
    os.set_inheritable(OUT, False)
    sys.setswitchinterval(0.0005)
    reader = Reader()
    for message in messages():
        reader.handle(message)
    os._exit(0)


main()
