# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Events: waiting for them, and handling them."""

import time

from choices import chosen
from kit import holds
from mailbox import Mailbox
from operations import mailbox, operation, seconds, truth, value_of
from values import Condition, is_symbol
from world import LOCK, TIMEOUT, Code, Datum, call


def own_mailbox(process):
    with LOCK:
        if process.mailbox is None:
            process.mailbox = Mailbox(process.system)
        return process.mailbox


def wait_for_event(frame, box, keys):
    function, at_once = keys.get("wait-function"), keys.get("no-hang-p") is not None

    def attempt():
        if function is not None and chosen("event-wait-function") == "decides" and not at_once:
            return (box.take() or (None,)) if holds(frame.process, function) else None
        taken = box.take()
        if taken is None and (at_once or function is not None and holds(frame.process, function)):
            return (None,)
        return taken

    return [frame.system.wait(frame.process, attempt)[0]]


@operation("process-wait-for-event", "wait-function", "no-hang-p")
def process_wait_for_event(frame, args, keys):
    if args and chosen("event-mailbox") == "error":
        raise Condition("program-error", "it takes no mailbox")
    return wait_for_event(frame, mailbox(frame.system, args[0]) if args else own_mailbox(frame.process), keys)


@operation("mailbox-wait-for-event")
def mailbox_wait_for_event(frame, args, keys):
    return wait_for_event(frame, mailbox(frame.system, args[0]), keys)


def items(system, event):
    """The items of a list, written down or made by new; None of what is none, nil among it."""
    if isinstance(event, list):
        return event
    found, thing = [], system.lookup(event)
    while isinstance(thing, Datum) and thing.kind == "cons":
        found, rest = found + [thing.parts[0]], thing.parts[1]
        if isinstance(rest, list):
            return found + rest
        thing = system.lookup(rest)
    return found or None


def handle_event(frame, event):
    """Call what an event is: a list of a function and arguments, a function, or one of a handled class."""
    system = frame.system
    event = items(system, event) or event
    if isinstance(event, list):
        return call(frame.process, system.function(event[0]), event[1:])
    thing = system.lookup(event)
    if isinstance(thing, Code) or is_symbol(event) and (event.get("sym"), event.get("pkg")) in system.functions:
        return call(frame.process, system.function(event), [])
    if isinstance(thing, Datum) and thing.kind in system.handlers:
        return call(frame.process, system.function(system.handlers[thing.kind]), [event])
    return [None]


@operation("general-handle-event")
def general_handle_event(frame, args, keys):
    values = handle_event(frame, args[0])
    return values if chosen("handled-value") == "handlers" else [value_of("handled-value", None)]


@operation("process-all-events")
def process_all_events(frame, args, keys):
    box, any_event = own_mailbox(frame.process), None
    while True:
        with LOCK:
            taken = box.take()
            frame.system.changed()
        if taken is None:
            return [any_event]
        any_event = True
        handle_event(frame, taken[0])


@operation("wait-processing-events")
def wait_processing_events(frame, args, keys):
    box, function, timeout = own_mailbox(frame.process), keys.get("wait-function"), seconds(args[0])
    end = None if timeout is None else time.monotonic() + timeout

    def attempt():
        if function is not None and holds(frame.process, function):
            return "enough"
        return box.take()

    while True:
        event = frame.system.wait(frame.process, attempt, None if end is None else max(0, end - time.monotonic()))
        if event in (TIMEOUT, "enough"):
            return [truth(event == "enough")]
        if items(frame.system, event[0]) or chosen("odd-event") == "handled":
            handle_event(frame, event[0])
