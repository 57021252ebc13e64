# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Registering cleanups; world.py runs them."""

from choices import chosen
from mpcheck_kit import Condition, Function, Keyword, Symbol, elements, function_of, is_integer, real, shape, type_error
from operations import operation, process_of, value_of, values_of
from world import Cleanup


@operation("ensure-process-cleanup")
def ensure_process_cleanup(frame, args, keys):
    form = args[0]
    check_form(form)
    process = cleanup_process(frame, args, keys)
    priority = cleanup_priority(keys.get("priority", 0))
    cleanup = Cleanup(form, priority, shape(form))
    cleanup.form = elements(form) or form
    head = cleanup.form[0] if isinstance(cleanup.form, list) else cleanup.form
    if chosen("symbol-resolved") == "early" and isinstance(head, (Symbol, Keyword)):
        try:
            cleanup.code = function_of(head)
        except Condition:
            pass  # it fails when it is to run
    with frame.system.lock:
        if process.state in ("cleaned", "dead"):
            if chosen("dead-registration") == "error":
                raise Condition("simple-error", "the process is dead")
            return [True if chosen("dead-registration") == "value" else None]
        if process.state == "cleaning":
            return register_late(process, cleanup)
        for old in process.cleanups:
            if old.key == cleanup.key:
                if old.priority == priority:
                    return [None]
                if keys.get("force") is None:
                    raise Condition("simple-error", "it is registered with priority %s" % old.priority)
                process.cleanups.remove(old)
                if chosen("moved") == "before":
                    process.cleanups.insert(0, cleanup)
                    return registered()
                break
        process.cleanups.append(cleanup)
    return registered()


def registered():
    return values_of("registered", None)


def register_late(process, cleanup):
    late = chosen("late-registration")
    if late == "error":
        raise Condition("simple-error", "the cleanups run already")
    if any(old.key == cleanup.key for old in process.cleanups + process.ran):
        return [None]
    if late == "last":
        # After its equals too, whatever their order.
        cleanup.priority = max([cleanup.priority] + [old.priority + 1 for old in process.cleanups])
    if late != "never":
        process.cleanups.append(cleanup)
    return registered()


def check_form(form):
    if isinstance(form, (Symbol, Keyword)) and chosen("symbol-form") == "error":
        raise type_error(form, "cleanup form")
    items = elements(form)
    head = items[0] if items else form
    if chosen("odd-form") == "error" and not isinstance(head, (Symbol, Keyword, Function)):
        raise type_error(form, "cleanup form")


def cleanup_process(frame, args, keys):
    if len(args) > 1:
        if "process" in keys or keys and chosen("legacy-mixture") == "error":
            raise Condition("program-error", "the legacy call takes no keywords")
        named = args[1]
    elif "process" in keys:
        named = keys["process"]
    else:
        return frame.process
    if named is None and chosen("nil-process") == "current":
        return frame.process
    return process_of(named)


def cleanup_priority(value):
    if not is_integer(value) and chosen("fraction-priority") == "error":
        raise type_error(value, "priority of a cleanup")
    priority = real(value)
    if abs(priority) > 1000000 and chosen("far-priority") == "error":
        raise type_error(value, "priority of a cleanup")
    return priority


@operation("current-process-in-cleanup-p")
def current_process_in_cleanup_p(frame, args, keys):
    process = frame.process
    if process.state == "cleaning":
        return [True]
    if process.unwinding and process.asked:
        return [value_of("unwinding-in-cleanup", None)]
    return [value_of("pending-in-cleanup", None) if process.asked else None]
