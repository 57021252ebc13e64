# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The adapter's end of the connection: hands each message to whom it concerns, and opens and closes systems."""

import os
import sys
import threading
import time

from .operations import CLAIMS
from .wire import IN, OUT, Writer, messages


PATIENCE = 3.0  # seconds for what is left to end, as a system is closed


class Reader:
    """Hands each message to whom it concerns; it executes nothing."""

    def __init__(self, handshake, system, writer):
        """system makes one, of its name and the writer."""
        self.handshake, self.make, self.writer = handshake, system, writer
        self.system = None

    def handle(self, message):
        request, params = message.get("id"), message.get("params", {})
        if "method" not in message:
            self.returned(request, message.get("result") or {})
        elif message["method"] in ("hello", "open", "call", "abort", "finish", "close", "ping", "bye"):
            getattr(self, message["method"])(request, params)
        else:
            self.writer.post({"id": request, "error": {"code": -32601, "message": "no method " + message["method"]}})

    def unreadable(self):
        self.writer.post({"id": None, "error": {"code": -32700, "message": "a line that can't be read"}})

    def answer(self, request, result, last=False):
        self.writer.post({"id": request, "result": result}, last=last)

    def hello(self, request, params):
        self.answer(request, self.handshake)

    def ping(self, request, params):
        self.answer(request, {})

    def open(self, request, params):
        self.system = self.make(params["system"], self.writer)
        self.answer(request, {})
        self.system.begin()

    def deliver(self, frame, *message):
        with frame.system.lock:
            frame.messages.append(message)
        frame.system.deliver(frame.process)

    def returned(self, number, result):
        frame = self.system and self.system.entered.pop(number, None)
        if frame and not frame.dead:
            self.deliver(frame, "returned", [frame.system.names.decode(value) for value in result.get("values") or []])

    def call(self, request, params):
        system = self.system
        with system.lock:
            frame = system.frames.get(params["frame"])
            status = None
            if frame is None or frame.dead:
                status = "gone"
            elif system.aborted and frame.process is system.root:
                status = "aborted"  # its thread may still be where nothing ends it but close
            else:
                frame.request = request
        if status:
            system.post({"id": request, "result": {"status": status}}, frame and frame.process)
        else:
            self.deliver(frame, "call", params["op"], params.get("args") or [], params.get("keys") or [])

    def abort(self, request, params):
        system = self.system
        with system.lock:
            system.aborted = True
            # Where it waits in the host, nothing but this ends the operation.
            for frame in [f for f in system.frames.values() if f.process is system.root and f.request is not None]:
                frame.tell({"status": "aborted"})
        system.changed()
        self.answer(request, {})

    def finish(self, request, params):
        def finished(system):
            system.ran.wait()
            system.join(system.root, 5)
            self.answer(request, {}, last=True)
        self.later(finished)

    def close(self, request, params):
        with self.system.lock:
            self.system.closed = self.system.aborted = True
        self.later(lambda system: self.answer(request, tear_down(system), last=True))

    def bye(self, request, params):
        self.answer(request, {}, last=True)
        self.writer.end()

    def later(self, what):
        threading.Thread(target=what, args=(self.system,), daemon=True).start()


def tear_down(system):
    """End what is left of a closed system. The children come first: a process may be waiting for one."""
    left = system.processes()
    children = system.end_children()
    for process in left:
        system.end(process)
    system.changed()
    end = time.monotonic() + PATIENCE
    unclean = False
    for process in left:
        unclean |= not system.join(process, max(0, end - time.monotonic()))
    # What a thread waits for that nothing can end is not answered by that thread.
    for frame in list(system.frames.values()):
        frame.tell({"status": "gone"})
    return {"processes": len(left), "children": children + system.end_children(), "unclean": unclean}


def serve(name, version, profile, system, claims=None, capabilities=("core",), writer=Writer, without=()):
    """Serve until the harness goes.

    profile names the manuals that are followed, as "lispworks-8:MBOX"; system is the class of its systems; claims are
    those of the operations that were entered, where no others are given; without names operations that are not offered
    although they were entered, as "process-kill" of mpcheck_kit.threads."""
    claims = CLAIMS if claims is None else claims
    if unknown := [name for name in without if name not in claims]:
        raise ValueError("without %s: nothing of that name is offered" % ", ".join(unknown))
    os.set_inheritable(IN, False)
    os.set_inheritable(OUT, False)
    sys.setswitchinterval(0.0005)
    reader = Reader({
        "contract": "v1", "name": name, "version": version, "capabilities": list(capabilities), "profile": list(profile),
        "operations": {name: claim for name, claim in claims.items() if name.split()[0] not in without and name not in without},
        "clock": "real", "granularityMs": 1, "pid": os.getpid()},
        system, writer())
    for message in messages(reader.unreadable):
        reader.handle(message)
    os._exit(0)
