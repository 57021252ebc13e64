# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""What operations read of their arguments, and what choices make of it.

An operation is a function of the frame, the arguments and the keywords that returns its values.
"""

from choices import chosen
from mailbox import Mailbox
from mpcheck_kit import Condition, Keyword, real, type_error, whole_operation
from world import Process


class Instead(Exception):
    """An operation returns these values and does nothing else."""


def operation(name, *keywords):
    def enter(function):
        def calls(frame, args, keys):
            try:
                return function(frame, args, keys)
            except Instead as instead:
                return list(instead.args)
        whole_operation(name, *keywords)(calls)
        return function
    return enter


def value_of(choice, item):
    """The value that a choice names."""
    return values_of(choice, item)[0]


def values_of(choice, item):
    """The values that a choice names, one or none. It is asked for once: it may differ each time."""
    named = {"none": [], "t": [True], "nil": [None], "int": [42], "key": [Keyword("sent")], "object": [item]}
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


def process_of(value):
    if not isinstance(value, Process):
        raise type_error(value, "process")
    return value


def mailbox(value):
    if isinstance(value, Mailbox):
        return value
    if chosen("no-mailbox") == "error":
        raise type_error(value, "mailbox")
    raise Instead(value_of("no-mailbox", None))
