# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Sending to a process: into its mailbox, while it lives."""

from .mailbox import Mailbox, positive
from .errors import DeadProcess
from .process import deadline, time_left


def own_mailbox(process):
    """The mailbox of a process, which gets one if it has none (SEND-MB-1, -2, EVENT-PWE-2)."""
    with process._lock:
        return own_mailbox_locked(process)


def own_mailbox_locked(process):
    if process._mailbox is None:
        process._mailbox = Mailbox(name=process.name)
    return process._mailbox


def send(process, thing, change_priority="default", limit=None, timeout=None, error_if_dead=False):
    """Put an object into the mailbox of a process: whether it was put there (SEND-Q-1, SEND-RET-1).

    Without limit it neither waits nor fails for want of room, whatever timeout says (SEND-LIM-1, SEND-TMO-1). With one
    it does as Mailbox.send_limited (SEND-LIM-4), and is False too once the process has died while it waits (SEND-LIM-6).

    A dead process gets nothing: False (SEND-DEAD-1, -8), or DeadProcess where error_if_dead says so (SEND-DEAD-2).

    An integer change_priority becomes the priority of a process to which it was sent; others leave that (SEND-PRI-2, -3, -4)."""
    if not (isinstance(change_priority, int) or change_priority in (None, "default")):
        raise TypeError("change_priority is an integer, None, True or 'default', not %r" % (change_priority,))
    if limit is not None:
        positive(limit, "limit")
    end = None if limit is None else deadline(timeout)
    while True:
        # Its death takes this lock too: what is sent is sent while it lives.
        with process._lock:
            if not process.alive:
                break
            mailbox = own_mailbox_locked(process)
            if limit is None:
                mailbox.send(thing)
                sent = True
            else:
                sent = mailbox.send_limited(thing, limit, 0)
        if sent:
            if isinstance(change_priority, int) and change_priority is not True:
                process.priority = change_priority
            return True
        left = time_left(end)
        if left is not None and left <= 0:
            return False
        mailbox.wait_for_room(limit, end, lambda: not process.alive)
    if error_if_dead:
        raise DeadProcess("%r is dead" % process)
    return False
