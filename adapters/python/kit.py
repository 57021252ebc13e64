# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The kit: objects, code, shared state, waiting, unwinding and conditions."""

import json

import world
from operations import mailbox, operation, seconds, signal, truth
from values import Condition, keyword, lisp_list, shape, type_error
from world import LOCK, TIMEOUT, Code, Datum, Throw, call


@operation("new")
def new(frame, args, keys):
    kind, parts = keyword(args[0]), args[1:]
    system = frame.system
    if kind == "list":
        rest = None
        for part in reversed(parts):
            rest = system.named("cons", Datum("cons", [part, rest]))
        return [rest]
    if kind == "cons":
        parts = (parts + [None, None])[:2]
    if kind == "string":
        parts = parts or [""]
    if kind == "function":
        return [system.named(kind, Code(None))]
    return [system.named(kind, Datum(kind, parts))]


@operation("eq")
def eq(frame, args, keys):
    if any(isinstance(value, (str, list)) for value in args):
        return [None]  # a literal is a fresh object each time
    names = [value.get("ref") if isinstance(value, dict) else None for value in args]
    if any(names):
        return [truth(names[0] == names[1])]
    return [truth(json.dumps(args[0], sort_keys=True) == json.dumps(args[1], sort_keys=True))]


@operation("make-function")
def make_function(frame, args, keys):
    return [frame.system.named("function", frame.system.function(args[0]))]


@operation("defun")
def defun(frame, args, keys):
    frame.system.functions[(args[0]["sym"], args[0].get("pkg"))] = args[1]
    return [args[0]]


@operation("funcall")
def funcall(frame, args, keys):
    return call(frame.process, frame.system.function(args[0]), args[1:])


@operation("make-log")
def make_log(frame, args, keys):
    return [frame.system.named("log", [])]


@operation("log-append")
def log_append(frame, args, keys):
    with LOCK:
        frame.system.lookup(args[0]).append(args[1])
    return [args[1]]


@operation("log-read")
def log_read(frame, args, keys):
    with LOCK:
        return [lisp_list(frame.system.lookup(args[0]))]


@operation("make-cell")
def make_cell(frame, args, keys):
    return [frame.system.named("cell", [args[0]])]


@operation("cell-get")
def cell_get(frame, args, keys):
    return [frame.system.lookup(args[0])[0]]


@operation("cell-set")
def cell_set(frame, args, keys):
    with LOCK:
        frame.system.lookup(args[0])[0] = args[1]
        frame.system.changed()
    return [args[1]]


@operation("make-gate")
def make_gate(frame, args, keys):
    return [frame.system.named("gate", [False])]


@operation("gate-open")
def gate_open(frame, args, keys):
    with LOCK:
        frame.system.lookup(args[0])[0] = True
        frame.system.changed()
    return [True]


@operation("gate-wait")
def gate_wait(frame, args, keys):
    gate = frame.system.lookup(args[0])
    frame.system.wait(frame.process, lambda: gate[0] or None)
    return [True]


def holds(process, predicate):
    """Whether a predicate, which is data, holds; the process evaluates it."""
    system, name = process.system, keyword(predicate[0]) if isinstance(predicate, list) and predicate else None
    if name in ("always", "never"):
        return name == "always"
    if name in ("cell-is", "cell-not"):
        same = shape(system, system.lookup(predicate[1])[0]) == shape(system, predicate[2])
        return same == (name == "cell-is")
    if name == "has-mail":
        return bool(mailbox(system, predicate[1]).objects)
    if name == "and":
        return all(holds(process, part) for part in predicate[1:])
    if name == "or":
        return any(holds(process, part) for part in predicate[1:])
    if name == "recording":
        system.lookup(predicate[1]).append([process.ref, process.ref])
        return holds(process, predicate[2])
    raise type_error(predicate, "predicate")


def wait_until(frame, predicate, timeout):
    holds(frame.process, predicate)  # what is no predicate is an error now
    return frame.system.wait(frame.process, lambda: holds(frame.process, predicate) or None, timeout) is not TIMEOUT


@operation("await")
def await_(frame, args, keys):
    return [truth(wait_until(frame, args[0], seconds(args[1])))]


@operation("pause")
def pause(frame, args, keys):
    frame.system.wait(frame.process, lambda: None, seconds(args[0]))
    return [None]


@operation("unwind-protect")
def unwind_protect(frame, args, keys):
    process, system = frame.process, frame.system
    body, form = system.function(args[0]), system.function(args[1])
    try:
        values = call(process, body, [])
    except (world.Closed, world.Aborted):
        raise
    except BaseException:
        process.unwinding += 1
        try:
            call(process, form, [])
        finally:
            process.unwinding -= 1
        raise
    call(process, form, [])
    return values


@operation("signal-error")
def signal_error(frame, args, keys):
    condition = Condition("simple-error", args[0] if isinstance(args[0], str) else json.dumps(args[0]))
    signal(frame.process, condition)
    raise Throw(None)  # nobody handles it: it ends the code


def with_handlers(frame, entry, body):
    process = frame.process
    handlers = process.handlers
    process.handlers = handlers + [entry]
    try:
        return call(process, frame.system.function(body), [])
    finally:
        process.handlers = handlers


@operation("handler-case")
def handler_case(frame, args, keys):
    tag = object()
    try:
        return with_handlers(frame, ("case", tag, None), args[0])
    except Throw as throw:
        if throw.tag is not tag:
            raise
        return call(frame.process, frame.system.function(args[1]), [[throw.value.kind, throw.value.message]])


@operation("handler-bind")
def handler_bind(frame, args, keys):
    return with_handlers(frame, ("bind", None, args[1]), args[0])


@operation("with-continue-restart")
def with_continue_restart(frame, args, keys):
    tag = object()
    try:
        values = with_handlers(frame, ("restart", tag, None), args[0])
        return [values[0] if values else None, None]
    except Throw as throw:
        if throw.tag is not tag:
            raise
        return [None, True]


@operation("invoke-restart")
def invoke_restart(frame, args, keys):
    for kind, tag, _ in reversed(frame.process.handlers):
        if kind == "restart":
            raise Throw(tag)
    raise Condition("control-error", "there is no restart")
