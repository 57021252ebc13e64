# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Operations that functions of CPython itself answer: what those raise is the condition that is signalled."""

import errno
import functools
import re

from operations import operation, string
from values import Condition, type_error

# The operating system has no more of something.
SHORT = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOSPC}


def of_host(name, *keywords):
    def enter(function):
        @functools.wraps(function)
        def calls(frame, args, keys):
            try:
                return function(frame, args, keys)
            except (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
                raise Condition(condition_type(error), str(error))
        operation(name, *keywords)(calls)
        return calls
    return enter


def condition_type(error):
    if getattr(error, "errno", None) in SHORT:
        return "out-of-resources"
    return re.sub("(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


def path(system, value):
    """The path of a file that a string or a pathname names."""
    named = value["path"] if isinstance(value, dict) and "path" in value else string(system, value)
    if named is None:
        raise type_error(value, "path")
    return named
