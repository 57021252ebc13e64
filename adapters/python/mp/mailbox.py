# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Mailboxes: queues with a size, which grow; what is oldest is read first."""

import collections
import threading

from .process import deadline, wait

SIZE = 8  # of a mailbox for which nobody says


def positive(value, what):
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a %s is an integer, not %r" % (what, value))
    if value < 1:
        raise ValueError("a %s is positive, not %d" % (what, value))
    return value


class Mailbox:
    """A queue that any number of processes write and read. It is made empty (MBOX-MAKE-1)."""

    def __init__(self, size=SIZE, name=None):
        self.name, self._size = name, positive(size, "size")
        self._objects = collections.deque()
        self._lock = threading.Lock()
        # Both are of that lock. One is notified of each object that comes, and of each that goes.
        self._filled, self._room = threading.Condition(self._lock), threading.Condition(self._lock)

    # Asking. What is told may have changed by then (MBOX-FULL-2).

    def __len__(self):
        """How many objects it holds (MBOX-PRED-1)."""
        return len(self._objects)

    def __bool__(self):
        """A mailbox is true, also an empty one: without this len would decide."""
        return True

    @property
    def size(self):
        """How many objects it can hold without growing, those that it holds among them (MBOX-SIZE-1)."""
        return self._size

    @property
    def full(self):
        """Whether the next object makes it grow (MBOX-FULL-1)."""
        return len(self._objects) >= self._size

    # Sending.

    def send(self, thing):
        """Add an object at the end (MBOX-SEND-1). It grows where it is full, and never waits (MBOX-SEND-2)."""
        with self._lock:
            if self.full:
                self._grow(2 * self._size)
            self._add(thing)

    def send_limited(self, thing, limit, timeout=None, wait_function=None):
        """Add an object, and grow up to a size of limit at most (MBOX-LIM-1, -2, -3). Where that is not enough it waits
        for room: False, and nothing is added, where timeout seconds pass or wait_function() is true first (MBOX-LIM-4, -5)."""
        positive(limit, "limit")
        end = deadline(timeout)
        with self._lock:
            if not wait(self._room, lambda: self._has_room(limit), end, wait_function):
                return False
            if self.full:
                self._grow(min(limit, 2 * self._size))
            self._add(thing)
            return True

    def wait_for_room(self, limit, end, stop):
        """Wait until send_limited would not: False where time is over, or stop() is true."""
        with self._lock:
            found = wait(self._room, lambda: self._has_room(limit), end, stop)
            self._room.notify()  # the room is there for whoever comes first
            return found

    def _has_room(self, limit):
        return not self.full or self._size < limit

    def _add(self, thing):
        self._objects.append(thing)
        self._filled.notify()

    def _grow(self, size):
        self._size = size
        self._room.notify_all()

    # Reading.

    def read(self, timeout=None, stop=None):
        """Take the oldest object: it and True; None and False where timeout seconds pass, or stop() is true first
        (MBOX-READ-1, -2, -3). Each object goes to one reader (MBOX-READ-4)."""
        end = deadline(timeout)
        with self._lock:
            if not wait(self._filled, lambda: self._objects, end, stop):
                return None, False
            thing = self._objects.popleft()
            self._room.notify()
            return thing, True

    def peek(self):
        """The oldest object and True, and it stays; None and False where there is none (MBOX-PEEK-1)."""
        with self._lock:
            return (self._objects[0], True) if self._objects else (None, False)

    def wait(self, timeout=None):
        """Wait until it holds something, and leave that there (MBOX-WAIT-1)."""
        end = deadline(timeout)
        with self._lock:
            found = bool(wait(self._filled, lambda: self._objects, end))
            self._filled.notify()  # the object is there for another
            return found
