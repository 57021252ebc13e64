# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The protocol: one thread reads, one writes, and neither runs any operation."""

import heapq
import json
import os
import sys
import threading
import time

from choices import chosen, upto

try:
    IN, OUT = (int(os.environ[name]) for name in ("MPCHECK_IN", "MPCHECK_OUT"))
except (KeyError, ValueError):
    sys.exit("MPCHECK_IN and MPCHECK_OUT name no descriptors: an adapter is started by the harness, mpcheck run -- COMMAND")


class Writer:
    """Writes messages, perhaps late: those of one process in their order, those of several in any."""

    def __init__(self):
        self.changed = threading.Condition()
        self.waiting = []  # a heap of (when, number, line)
        self.count = 0
        self.latest = {}  # by sender
        self.ending = False
        threading.Thread(target=self.write, daemon=True).start()

    def post(self, message, sender=None, last=False):
        """A message without a sender is not delayed; the last one comes after all before it."""
        line = json.dumps(dict(message, jsonrpc="2.0"), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        with self.changed:
            when = time.monotonic()
            if sender is not None:
                when += upto("tell-ms")
                if chosen("tell-order") == "all":
                    last = True
            when = max([when, self.latest.get(sender, 0)] + (list(self.latest.values()) if last else []))
            self.latest[sender] = when
            self.count += 1
            heapq.heappush(self.waiting, (when, self.count, line))
            self.changed.notify()

    def end(self):
        """End the program when all is written."""
        with self.changed:
            self.ending = True
            self.changed.notify()

    def write(self):
        while True:
            with self.changed:
                while not self.waiting or self.waiting[0][0] > time.monotonic():
                    if self.ending and not self.waiting:
                        os._exit(0)
                    self.changed.wait(self.waiting[0][0] - time.monotonic() if self.waiting else None)
                line = heapq.heappop(self.waiting)[2]
            while line:
                line = line[os.write(OUT, line):]


WRITER = Writer()


def answer(request, result, sender=None, last=False):
    WRITER.post({"id": request, "result": result}, sender, last)


def messages():
    """The messages that come, until the input ends."""
    rest = b""
    while True:
        more = os.read(IN, 1 << 16)
        if not more:
            return
        *lines, rest = (rest + more).split(b"\n")
        for line in lines:
            if not line.strip():
                continue
            try:
                message = json.loads(line)
            except ValueError:
                message = None
            if isinstance(message, dict):
                yield message
            else:
                WRITER.post({"id": None, "error": {"code": -32700, "message": "a line that can't be read"}})
