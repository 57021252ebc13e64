# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""How an operation is performed, and what operations read of their arguments.

An operation is a function of the frame, the arguments and the keywords that returns its values.
"""

import world
from choices import chosen
from mailbox import Mailbox
from values import Condition, real, type_error
from world import LOCK, Code, Throw, call

OPERATIONS, CLAIMS = {}, {}


class Instead(Exception):
    """An operation returns these values and does nothing else."""


def operation(name, *keywords):
    def enter(function):
        OPERATIONS[name] = function
        CLAIMS[name] = "native"
        for word in keywords:
            CLAIMS["%s :%s" % (name, word)] = "native"
        return function
    return enter


def perform(frame, name, args, keys):
    """Perform an operation: its outcome."""
    if name not in OPERATIONS:
        return {"status": "absent"}
    args, keys = hosted(frame.system, args), {key: hosted(frame.system, value) for key, value in reversed(keys)}
    try:
        return {"status": "returned", "values": OPERATIONS[name](frame, args, keys)}
    except Instead as instead:
        return {"status": "returned", "values": list(instead.args)}
    except Condition as condition:
        # The restart continue is the operation's own while a handler runs.
        tag = object()
        handlers = frame.process.handlers
        if condition.continuable:
            frame.process.handlers = handlers + [("restart", tag, None)]
        try:
            signal(frame.process, condition)
        except Throw as throw:
            if throw.tag is not tag:
                raise
            return {"status": "returned", "values": [value_of("continued", None)]}
        finally:
            frame.process.handlers = handlers
        return {"status": "signalled", "condition": {
            "type": condition.kind, "message": condition.message, "continuable": condition.continuable}}


world.PERFORM = perform


def hosted(system, value):
    """A value of the harness with functions in place of its code."""
    if isinstance(value, list):
        return [hosted(system, item) for item in value]
    if isinstance(value, dict):
        if "callback" in value:
            with LOCK:
                number = value["callback"]
                if number not in system.code:
                    system.code[number] = system.named("function", Code(number))
                return system.code[number]
        if "dotted" in value:
            return {"dotted": hosted(system, value["dotted"])}
    return value


def signal(process, condition):
    """Go to the handlers, the innermost first; each runs outside of itself."""
    handlers = process.handlers
    for i in range(len(handlers) - 1, -1, -1):
        kind, tag, function = handlers[i]
        if kind == "case":
            raise Throw(tag, condition)
        if kind == "bind":
            process.handlers = handlers[:i] + [h for h in handlers[i:] if h[0] == "restart"]
            try:
                call(process, process.system.function(function), [[condition.kind, condition.message]])
            finally:
                process.handlers = handlers


def value_of(choice, item):
    """The value that a choice names."""
    return values_of(choice, item)[0]


def values_of(choice, item):
    """The values that a choice names, one or none. It is asked for once: it may differ each time."""
    named = {"none": [], "t": [True], "nil": [None], "int": [42], "key": [{"key": "sent"}], "object": [item]}
    return named[chosen(choice)]


def truth(value):
    return True if value else None


def seconds(value, choice="negative-timeout"):
    """A time-out: None for none."""
    if value is None:
        return None
    try:
        time_out = float(real(value))
    except Condition:
        if chosen("odd-timeout") == "zero":
            return 0
        raise
    if time_out < 0 and chosen(choice) == "error":
        raise type_error(value, "time-out")
    return min(max(0, time_out), 1e6)


def elements(system, value):
    """The elements of a proper list, conses made by new too; else None."""
    if value is None or isinstance(value, list):
        return value or []
    datum = system.datum(value)
    if datum and datum.kind == "cons":
        rest = elements(system, datum.parts[1])
        return None if rest is None else [datum.parts[0]] + rest
    return None


def string(system, value):
    """The text of a string, one made by new too; else None."""
    datum = system.datum(value)
    if datum and datum.kind == "string":
        return datum.parts[0]
    return value if isinstance(value, str) else None


def mailbox(system, value):
    box = system.lookup(value)
    if isinstance(box, Mailbox):
        return box
    if chosen("no-mailbox") == "error":
        raise type_error(value, "mailbox")
    raise Instead(value_of("no-mailbox", None))
