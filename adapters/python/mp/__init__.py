# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Lisp-style processes on Python's threads: kills, cleanups, mailboxes, limited sends and events.

    import mp

    def serve():
        while True:
            mp.handle_event(mp.wait_for_event())

    worker = mp.Process(serve, name="worker")
    mp.ensure_cleanup((notify, "worker"), process=worker)    # notify(worker, "worker"), as it ends
    mp.send(worker, (print, "hello"), limit=100, timeout=1)
    worker.kill()

What is in capitals in the docstrings are clauses of mpcheck's catalogue: "mpcheck explain CLEAN-DUP-7" shows one.

A kill reaches a process in the waits of this package and where it calls check. Code that computes, or waits in a lock
or a socket of its own, goes on until then.
"""

from .errors import DeadProcess, Killed, ProcessError  # noqa: F401
from .event import handle_event, process_all_events, wait_for_event, wait_processing_events  # noqa: F401
from .mailbox import Mailbox  # noqa: F401
from .process import (  # noqa: F401
    Process, current_process, current_process_in_cleanup, ensure_cleanup, find_process, look_again, process_wait, processes)
from .send import send  # noqa: F401
