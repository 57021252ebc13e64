#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""A starting adapter: mailboxes, judged at once.

    mpcheck smoke -- python3 adapter.py
    mpcheck run -- python3 adapter.py

What stands below is yours to replace. mpcheck_kit, beside this file, has all the rest.
"""

import collections

from mpcheck_kit import TIMEOUT, has_mail, operation, seconds, serve, system
from mpcheck_kit.threads import ThreadSystem  # processes, as plain threads: most cases need some


class Mailbox:
    """What is judged. Import your own in its place."""

    def __init__(self):
        self.items = collections.deque()

    def take(self):
        return (self.items.popleft(),) if self.items else None


# An operation is a function of Python values; several values are a tuple. A keyword that is claimed apart is named beside
# it: @operation("make-mailbox", "size"). "mpcheck explain mailbox-read" says what one
# means and how it is called, "mpcheck list --select MBOX" which cases ask for what. What you don't claim is not
# applicable; claim="composed" says that the adapter made it of other means.


@operation("make-mailbox")
def make_mailbox():
    return Mailbox()


@operation("mailbox-send")
def mailbox_send(mailbox, item):
    mailbox.items.append(item)


@operation("mailbox-read")
def mailbox_read(mailbox, reason=None, timeout=None):
    # Your own function may wait here instead. A kill reaches who waits in system().wait, and nobody within a function of
    # the host: then say serve(..., without=["process-kill"]). With a limit of 0 what is there is taken all the same.
    taken = system().wait(mailbox.take, seconds(timeout))
    return (None, None) if taken is TIMEOUT else (taken[0], True)


@operation("mailbox-count")
def mailbox_count(mailbox):
    return len(mailbox.items)


# Here is the place for what is still missing: mailbox-peek, mailbox-empty-p, mailbox-send-limited, process-send,
# ensure-process-cleanup... "mpcheck run" ends with what was not applicable, and why.


@has_mail
def mailbox_has_mail(mailbox):
    return bool(mailbox.items)


# Without a profile you are held to the MUST clauses alone; docs/adapters.md has the others.
serve("my-adapter", "1", ["lispworks-8:MBOX"], ThreadSystem)
