# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The wire: whole messages in both directions. One thread reads, one writes, and neither runs any operation."""

import json
import os
import queue
import sys
import threading

try:
    IN, OUT = (int(os.environ[name]) for name in ("MPCHECK_IN", "MPCHECK_OUT"))
except (KeyError, ValueError):
    sys.exit("MPCHECK_IN and MPCHECK_OUT name no descriptors: an adapter is started by the harness, mpcheck run -- COMMAND")


def line_of(message):
    """A message as it is written."""
    return json.dumps(dict(message, jsonrpc="2.0"), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def write_line(line):
    while line:
        line = line[os.write(OUT, line):]


class Writer:
    """Writes messages in the order in which they were posted, by a thread of its own.

    A thread that runs code of a case may be killed at any moment; it hands its message over whole."""

    def __init__(self):
        self.waiting = queue.SimpleQueue()
        threading.Thread(target=self.write, daemon=True, name="mpcheck-writer").start()

    def post(self, message, sender=None, last=False):
        """Post a message of a sender, the name of a process; last: after all that were posted before.

        An adapter's own Writer may hold messages back, those of one sender in their order."""
        self.waiting.put(line_of(message))

    def end(self):
        """End the program when all is written."""
        self.waiting.put(None)

    def write(self):
        while (line := self.waiting.get()) is not None:
            write_line(line)
        os._exit(0)


def messages(unreadable):
    """The messages that come, until the input ends; unreadable is called for a line that is none."""
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
                unreadable()
