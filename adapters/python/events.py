# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Events: waiting for them, and handling them."""

import time

from choices import chosen
from mailbox import Mailbox
from mpcheck_kit import TIMEOUT, Condition, Datum, Dotted, Function, Symbol, chain, function_of, wait_function
from operations import mailbox, operation, seconds, truth, value_of


def own_mailbox(process):
    with process.system.lock:
        if process.mailbox is None:
            process.mailbox = Mailbox()
        return process.mailbox


def wait_for_event(frame, box, keys):
    function, at_once = wait_function(keys.get("wait-function")), keys.get("no-hang-p") is not None

    def attempt():
        if function is not None and chosen("event-wait-function") == "decides" and not at_once:
            return (box.take() or (None,)) if function() else None
        taken = box.take()
        if taken is None and (at_once or function is not None and function()):
            return (None,)
        return taken

    return [frame.system.wait(attempt)[0]]


@operation("process-wait-for-event", "wait-function", "no-hang-p")
def process_wait_for_event(frame, args, keys):
    if args and chosen("event-mailbox") == "error":
        raise Condition("program-error", "it takes no mailbox")
    return wait_for_event(frame, mailbox(args[0]) if args else own_mailbox(frame.process), keys)


@operation("mailbox-wait-for-event")
def mailbox_wait_for_event(frame, args, keys):
    return wait_for_event(frame, mailbox(args[0]), keys)


def items_of(event):
    """The items of a list, written down or made by new; none of what is no proper list."""
    return [] if isinstance(event, Dotted) else chain(event)[0]


def handle_event(frame, event):
    """Call what an event is: a list of a function and arguments, a function, or one of a handled class."""
    system, items = frame.system, items_of(event)
    if items:
        return function_of(items[0])(*items[1:])
    if isinstance(event, Function) or isinstance(event, Symbol) and event in system.functions:
        return function_of(event)()
    if isinstance(event, Datum) and event.kind in system.handlers:
        return function_of(system.handlers[event.kind])(event)
    return [None]


@operation("general-handle-event")
def general_handle_event(frame, args, keys):
    values = handle_event(frame, args[0])
    return values if chosen("handled-value") == "handlers" else [value_of("handled-value", None)]


@operation("process-all-events")
def process_all_events(frame, args, keys):
    box, any_event = own_mailbox(frame.process), None
    while True:
        with frame.system.lock:
            taken = box.take()
            frame.system.changed()
        if taken is None:
            return [any_event]
        any_event = True
        handle_event(frame, taken[0])


@operation("wait-processing-events")
def wait_processing_events(frame, args, keys):
    box, function, timeout = own_mailbox(frame.process), wait_function(keys.get("wait-function")), seconds(args[0])
    end = None if timeout is None else time.monotonic() + timeout

    def attempt():
        if function is not None and function():
            return "enough"
        return box.take()

    while True:
        event = frame.system.wait(attempt, None if end is None else max(0, end - time.monotonic()))
        if event in (TIMEOUT, "enough"):
            return [truth(event == "enough")]
        if items_of(event[0]) or chosen("odd-event") == "handled":
            handle_event(frame, event[0])
