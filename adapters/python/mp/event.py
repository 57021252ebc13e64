# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Events: objects that were sent to a process, which waits for them and decides what they mean (EVENT-INT-1)."""

import functools

from .process import current_process, deadline, time_left
from .send import own_mailbox


def wait_for_event(wait_function=None, no_hang=False, mailbox=None):
    """Take the oldest object of the current process's mailbox, or of another (EVENT-PWE-1, -2, EVENT-MWE-1).

    None, and nothing is taken, where no_hang and there is none (EVENT-MWE-2), or where wait_function() is true before
    one comes (EVENT-MWE-3). An object that is None can't be told from that (EVENT-NIL-1)."""
    mailbox = mailbox or own_mailbox(current_process())
    thing, _ = mailbox.read(0 if no_hang else None, wait_function)
    return thing


@functools.singledispatch
def handle_event(event):
    """Do what an event asks for (EVENT-GHE-0): call a function, or the first of a list or tuple with the rest
    (EVENT-GHE-1, -2); anything else does nothing (EVENT-GHE-4). handle_event.register has more classes (EVENT-GHE-5)."""
    return event() if callable(event) else None


@handle_event.register(list)
@handle_event.register(tuple)
def handle_call(event):
    return event[0](*event[1:]) if event else None


def process_all_events(handle=handle_event):
    """Handle all that the current process has been sent, in order: whether there was anything (EVENT-PAE-1)."""
    mailbox, any_event = own_mailbox(current_process()), False
    while True:
        event, found = mailbox.read(0)
        if not found:
            return any_event
        any_event = True
        handle(event)


def wait_processing_events(timeout=None, wait_function=None, handle=handle_event):
    """Handle events until wait_function() is true, and then True; False once timeout seconds are over (EVENT-WPE-1)."""
    mailbox, end = own_mailbox(current_process()), deadline(timeout)
    while True:
        if wait_function is not None and wait_function():
            return True
        event, found = mailbox.read(None if end is None else max(0, time_left(end)), wait_function)
        if found:
            handle(event)
        if end is not None and time_left(end) <= 0:
            return wait_function is not None and bool(wait_function())
