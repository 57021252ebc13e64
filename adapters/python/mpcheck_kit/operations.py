# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""How an operation is performed, and what errors in it come to."""

import errno
import re

from . import frames
from .frames import HERE, Throw
from .values import Condition, Text

OPERATIONS, CLAIMS = {}, {}

# What functions of Python raise of their arguments or of the world, and no fault of an adapter.
ERRORS = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)

# The operating system has no more of something.
SHORT = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOSPC}
NO_THREAD = "can't start new thread"  # what a RuntimeError says of it


def operation(name, *keywords, claim="native"):
    """Claim an operation, and each of its keywords that are claimed apart: operation("make-mailbox", "size").

    The function gets the arguments by position and the keywords by name, with underscores. It returns one value, or
    several as a tuple. What it raises is signalled: a Condition as it says, ERRORS by their class - arguments that it
    doesn't take are a TypeError -, and Absent says that it is not offered with these."""
    def enter(function):
        def calls(frame, args, keys):
            try:
                values = function(*args, **{key.replace("-", "_"): value for key, value in keys.items()})
            except ERRORS as error:
                raise condition_of(error)
            return list(values) if isinstance(values, tuple) else [values]
        return claimed(name, keywords, claim, calls, function)
    return enter


def whole_operation(name, *keywords, claim="native"):
    """The same for a function of the frame, the arguments and the keywords as they came, which returns the list of its
    values; only a Condition is an error of its."""
    return lambda function: claimed(name, keywords, claim, function, function)


def claimed(name, keywords, claim, calls, function):
    for word in keywords:
        if not re.fullmatch("[a-z-]+", word):
            raise ValueError("operation(%r, %r): a keyword is its name alone, as in operation(\"make-mailbox\", \"size\")" % (name, word))
    OPERATIONS[name] = calls
    for claims in (name, *("%s :%s" % (name, word) for word in keywords)):
        CLAIMS[claims] = claim
    return function


class Absent(Exception):
    """It is not offered, or not with these arguments."""


def condition_of(error):
    kind = re.sub("(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    short = getattr(error, "errno", None) in SHORT or str(error) == NO_THREAD
    return Condition("out-of-resources" if short else kind, str(error))


def perform(frame, name, args, keys):
    """Perform an operation: its outcome."""
    names, system = frame.system.names, frame.system
    if name not in OPERATIONS:
        return {"status": "absent"}
    try:
        args, keys = names.decode(args), {key: names.decode(value) for key, value in reversed(keys)}
        values = OPERATIONS[name](frame, args, keys)
        return {"status": "returned", "values": [names.encode(value) for value in values]}
    except Absent:
        return {"status": "absent"}
    except Condition as condition:
        return signalled(names, condition)
    finally:
        if not system.closed:
            system.changed()


def signalled(names, condition):
    """What an operation answers that signals an error."""
    tag, handlers = object(), HERE.handlers
    if condition.continuable:
        HERE.handlers = handlers + [("restart", tag, None)]
    try:
        signal(condition)
    except Throw as throw:
        if throw.tag is not tag:
            raise
        return {"status": "returned", "values": [names.encode(condition.continued)]}
    finally:
        HERE.handlers = handlers
    return {"status": "signalled", "condition": {
        "type": condition.kind, "message": str(condition), "continuable": condition.continuable}}


frames.PERFORM = perform


def signal(condition):
    """Go to the handlers, the innermost first; each runs outside of itself."""
    handlers = HERE.handlers
    for i in range(len(handlers) - 1, -1, -1):
        kind, tag, function = handlers[i]
        if kind == "case":
            raise Throw(tag, condition)
        if kind == "bind":
            HERE.handlers = handlers[:i] + [h for h in handlers[i:] if h[0] == "restart"]
            try:
                function([condition.kind, condition.message])
            finally:
                HERE.handlers = handlers


def function_of(value):
    """The function that a value is, or that a symbol names; a text designates none."""
    found = frames.system().functions.get(value, value) if not isinstance(value, (list, Text)) and value.__hash__ else value
    if not isinstance(found, frames.Function):
        if hasattr(value, "package"):
            raise Condition("undefined-function", "%s names no function" % value.name)
        raise Condition("type-error", "%r is no function" % (value,))
    return found
