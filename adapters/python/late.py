# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Messages that are written late."""

import heapq
import os
import threading
import time

from choices import chosen, upto
from mpcheck_kit.wire import Writer, line_of, write_line


class LateWriter(Writer):
    """Writes messages, perhaps late: those of one process in their order, those of several in any."""

    def __init__(self):
        self.changed = threading.Condition()
        self.waiting = []  # a heap of (when, number, line)
        self.count = 0
        self.latest = {}  # by sender
        self.ending = False
        threading.Thread(target=self.write, daemon=True).start()

    def post(self, message, sender=None, last=False):
        line = line_of(message)
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
            write_line(line)
