# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""What every adapter in Python has to do again, so that one need only say how its host does the operations.

    from mpcheck_kit import operation, serve
    from mpcheck_kit.threads import ThreadSystem

    class Mailbox: ...

    @operation("mailbox-read")
    def mailbox_read(mailbox, reason=None, timeout=None):
        ...

    serve("my-mailboxes", "1", ["lispworks-8:MBOX"], ThreadSystem)

An operation is a function of Python values (values.py) that returns some; objects of the host are arguments and values
like any other, and the kit names them. It runs in the thread of the process that calls it. Functions of a case are
functions here, which are called with arguments and return the list of their values.

The kit has the wire, frames and their ends, references, the operations that cases are built with, and handlers. What a
process is the adapter's System says (frames.py); importing mpcheck_kit.threads claims plain threads, as composed. Import
mpcheck_kit.streams for the streams that cases about external programs need.

Nothing is used but Python's standard library.
"""

from .calls import Call, call_of, names_function, same_call  # noqa: F401
from .frames import TIMEOUT, Function, System, Throw, Unhandled, frame, system  # noqa: F401
from .host import HostSystem, of  # noqa: F401
from .kit import has_mail, wait_function  # noqa: F401
from .names import TYPES  # noqa: F401
from .operations import CLAIMS, OPERATIONS, Absent, function_of, operation, whole_operation  # noqa: F401
from .reader import serve  # noqa: F401
from .values import (  # noqa: F401
    Char, Condition, Cons, Datum, Dotted, Keyword, Pathname, Real, Symbol, Text, chain, elements, eq, equal, integer, is_integer,
    keyword, real, seconds, shape, text_of, type_error)
from .wire import Writer  # noqa: F401
