# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Mailboxes."""

import collections

from choices import chosen


class Mailbox:
    def __init__(self, size=None, reader=None):
        size = chosen("default-size") if size is None else size
        rounded = chosen("size-rounded")
        if rounded == "power":
            size = 1 << max(0, size - 1).bit_length()
        elif rounded == "eights":
            size = max(8, -(-size // 8) * 8)
        self.size, self.made, self.reader = size, size, reader
        self.objects = collections.deque()

    def grown(self):
        size = self.size
        step = {"one": 1, "half": max(1, size // 2), "double": max(1, size), "sixteen": 16}
        return max(size + step[chosen("grow")], len(self.objects) + 1)

    def add(self, item, limit=None):
        """Add an object, growing without limit or up to one; None where there is no room.

        An attempt of a wait may use it; elsewhere the caller tells the system that it changed."""
        if len(self.objects) >= self.size:
            if limit is not None and self.size >= limit:
                return None
            self.size = self.grown() if limit is None else min(limit, self.grown())
        self.objects.append(item)
        return True

    def take(self):
        """The oldest object, as the only element of a tuple; None where there is none."""
        if not self.objects:
            return None
        item = self.objects.popleft()
        shrink = chosen("shrink")
        if shrink == "to-made" and len(self.objects) < self.size // 2:
            self.size = max(self.made, len(self.objects))
        elif shrink == "to-one":
            self.size = max(1, len(self.objects))
        return (item,)
