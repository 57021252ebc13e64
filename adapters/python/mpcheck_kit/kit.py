# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The operations that cases are built with: objects, code, shared state, waiting, unwinding and conditions.

They are made of Python's own lists and attributes and of the waits of the system, and of nothing that is judged.
"""

from . import frames, values
from .frames import HERE, TIMEOUT, Function, Throw, Unhandled, system
from .operations import function_of, operation, signal
from .values import Cons, Condition, Datum, Keyword, Symbol, Text, keyword, seconds, shape, type_error


class Log:
    def __init__(self):
        self.entries = []


class Cell:
    def __init__(self, value):
        self.value = value


class Gate:
    def __init__(self):
        self.opened = False


@operation("new")
def new(kind, *parts):
    kind = keyword(kind)
    if kind == "list":
        rest = None
        for part in reversed(parts):
            rest = Cons(part, rest)
        return rest
    if kind == "cons":
        return Cons(*parts)
    if kind == "string":
        return Text(*parts)
    if kind == "function":
        return Function(system(), None)
    return Datum(kind, parts)


@operation("eq")
def eq(a, b):
    return values.eq(a, b)


@operation("make-function")
def make_function(code):
    return Function(system(), code.callback)


@operation("defun")
def defun(name, code):
    system().functions[name] = code
    return name


@operation("funcall")
def funcall(function, *args):
    return tuple(function_of(function)(*args))


@operation("make-log")
def make_log():
    return Log()


@operation("log-append")
def log_append(log, entry):
    log.entries.append(entry)
    return entry


@operation("log-read")
def log_read(log):
    return list(log.entries)


@operation("make-cell")
def make_cell(value):
    return Cell(value)


@operation("cell-get")
def cell_get(cell):
    return cell.value


@operation("cell-set")
def cell_set(cell, value):
    cell.value = value
    return value


@operation("make-gate")
def make_gate():
    return Gate()


@operation("gate-open")
def gate_open(gate):
    gate.opened = True
    return True


@operation("gate-wait")
def gate_wait(gate):
    system().wait(lambda: gate.opened or None)
    return True


HAS_MAIL = []  # by what a mailbox is known to hold something: the adapter says so, has_mail


def has_mail(function):
    """The function that tells of a mailbox whether it holds something, for predicates."""
    HAS_MAIL[:] = [function]
    return function


def holds(predicate, process):
    """Whether a predicate, which is data, holds for a process that waits. Nothing waits here, nor takes a lock of this kit."""
    name = keyword(predicate[0]) if isinstance(predicate, list) and predicate else None
    if name in ("always", "never"):
        return name == "always"
    if name in ("cell-is", "cell-not"):
        return (shape(predicate[1].value) == shape(predicate[2])) == (name == "cell-is")
    if name == "has-mail" and HAS_MAIL:
        return bool(HAS_MAIL[0](predicate[1]))
    if name in ("and", "or"):
        return (all if name == "and" else any)(holds(part, process) for part in predicate[1:])
    if name == "recording":
        predicate[1].entries.append([process, system().current() or process])  # who waits, and who looks
        return holds(predicate[2], process)
    raise type_error(predicate, "predicate")


def wait_function(predicate):
    """The function without arguments that a wait function is, or None; the current process waits. What is no predicate is
    an error now."""
    if predicate is None:
        return None
    process = system().current()
    holds(predicate, process)
    return lambda: holds(predicate, process)


@operation("await")
def await_(predicate, timeout):
    ready = wait_function(predicate)
    return system().wait(lambda: ready() or None, seconds(timeout)) is not TIMEOUT


@operation("pause")
def pause(time):
    system().wait(lambda: None, seconds(time))


@operation("unwind-protect")
def unwind_protect(body, cleanup):
    body, cleanup = function_of(body), function_of(cleanup)
    try:
        found = body()
    except (frames.Closed, frames.Aborted):
        raise
    except BaseException:
        with system().unwinding():
            cleanup()
        raise
    cleanup()
    return tuple(found)


@operation("signal-error")
def signal_error(message):
    text = values.text_of(message)
    signal(Condition("simple-error", repr(message) if text is None else text))
    raise Unhandled()


def with_handlers(entry, body):
    handlers = HERE.handlers
    HERE.handlers = handlers + [entry]
    try:
        return tuple(function_of(body)())
    finally:
        HERE.handlers = handlers


@operation("handler-case")
def handler_case(body, handler):
    tag = object()
    try:
        return with_handlers(("case", tag, None), body)
    except Throw as throw:
        if throw.tag is not tag:
            raise
        return tuple(function_of(handler)([throw.value.kind, throw.value.message]))


@operation("handler-bind")
def handler_bind(body, handler):
    return with_handlers(("bind", None, function_of(handler)), body)


@operation("with-continue-restart")
def with_continue_restart(body):
    tag = object()
    try:
        found = with_handlers(("restart", tag, None), body)
        return found[0] if found else None, None
    except Throw as throw:
        if throw.tag is not tag:
            raise
        return None, True


@operation("invoke-restart")
def invoke_restart(name):
    if isinstance(name, (Symbol, Keyword)) and name.name.lower() == "continue":
        for kind, tag, _ in reversed(HERE.handlers):
            if kind == "restart":
                raise Throw(tag)
    raise Condition("control-error", "there is no restart %r" % (name,))
