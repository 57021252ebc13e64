#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""CPython's queue as mailboxes: what answers is queue.Queue.

    mpcheck run --select MBOX -- python3 adapters/python/queues.py

| operation | what answers it |
|---|---|
| make-mailbox | Queue(), which has no bound. Its maxsize is no :size: it makes put wait, and a mailbox grows |
| mailbox-send | put |
| mailbox-read | get(timeout=...), without block where the time-out is 0; Empty is nil, nil |
| mailbox-count, mailbox-empty-p, mailbox-not-empty-p | qsize, empty |
| mailbox-peek, mailbox-wait, mailbox-send-limited, mailbox-size, mailbox-full-p | nothing |

Processes are the kit's threads. process-kill is not claimed: no kill reaches a thread in get, since CPython interrupts no
thread but its main one, and that by signals alone.
"""

import platform
import queue

from mpcheck_kit import TYPES, has_mail, of, operation, seconds, serve
from mpcheck_kit.threads import ThreadSystem

TYPES[queue.Queue] = "mailbox"
mailbox_of = of(queue.Queue)

operation("make-mailbox", "name")(lambda name=None: queue.Queue())
operation("mailbox-send")(lambda mailbox, thing: mailbox_of(mailbox).put(thing))
operation("mailbox-count")(lambda mailbox: mailbox_of(mailbox).qsize())
operation("mailbox-empty-p")(lambda mailbox: mailbox_of(mailbox).empty())
operation("mailbox-not-empty-p")(lambda mailbox: not mailbox_of(mailbox).empty())
has_mail(lambda mailbox: not mailbox_of(mailbox).empty())


@operation("mailbox-read")
def mailbox_read(mailbox, reason=None, timeout=None):
    time = seconds(timeout)
    try:
        return mailbox_of(mailbox).get(block=time != 0, timeout=time or None), True
    except queue.Empty:
        return None, None


serve("CPython-queue", platform.python_version(), ["lispworks-6", "lispworks-8"], ThreadSystem,
      without=["process-kill"])
