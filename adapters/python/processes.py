# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes: making, ending, joining and finding them."""

import random

from choices import chosen
from mailbox import Mailbox
from mpcheck_kit import (
    TIMEOUT, Condition, Function, Keyword, Symbol, elements, equal, function_of, integer, is_integer, keyword, text_of, type_error,
    wait_function)
from operations import operation, process_of, seconds, truth, value_of
from world import Process


KEYWORDS = ("priority", "mailbox", "internal-server")


@operation("process-run-function", *KEYWORDS)
def process_run_function(frame, args, keys):
    system, (name, given, function) = frame.system, args[:3]
    text = text_of(name)
    if text is None:
        odd = chosen("odd-name")
        if odd == "error":
            raise type_error(name, "name")
        name = {"kept": name, "string": str(name), "substitute": "anonymous"}[odd]
    else:
        name = text
    code = function_of(function)
    given = process_keywords(given)
    with system.lock:
        if any(equal(p.name, name) for p in system.processes()):
            if chosen("namesake") == "error":
                raise Condition("simple-error", "the name is taken")
            if chosen("namesake") == "renamed":
                name = "%s-%d" % (name, len(system.all))
        process = Process(system, name, given.get("priority", 0))
        process.function, process.internal = function, given.get("internal-server") is not None
        box = given.get("mailbox")
        if isinstance(box, Mailbox):
            process.mailbox = box
        elif box is not None or chosen("mailbox-at-birth") == "yes":
            process.mailbox = Mailbox()
    process.begin(code, args[3:])
    return [process]


def process_keywords(given):
    given = elements(given)
    if given is None or len(given) % 2:
        raise Condition("program-error", "an odd list of keywords")
    found = {}
    for name, value in zip(map(keyword, given[::2]), given[1::2]):
        if name not in KEYWORDS:
            if chosen("unknown-keyword") == "error":
                raise Condition("program-error", "an unknown keyword")
            continue
        if name == "priority":
            value = integer(value)
        found.setdefault(name, value)
    return found


@operation("current-process-kill")
def current_process_kill(frame, args, keys):
    if frame.process.state != "running":
        return [None]
    frame.process.leave()


@operation("process-kill")
def process_kill(frame, args, keys):
    process = process_of(args[0])
    if process.state == "dead" and chosen("kill-dead") == "error":
        raise Condition("simple-error", "the process is dead")
    if process is frame.process and process.state == "running" and chosen("kill-self") == "now":
        process.leave()
    process.kill()
    return [value_of("kill-value", None)]


def join(frame, process, timeout):
    if process is frame.process and chosen("join-self") != "waits":
        if chosen("join-self") == "error":
            raise Condition("simple-error", "a process can't join itself")
        return None

    def ended():
        return truth(process.state == "dead" or process.state in ("cleaning", "cleaned") and chosen("join-cleaning") == "returns")
    return truth(frame.system.wait(ended, timeout) is not TIMEOUT)


@operation("process-join")
def process_join(frame, args, keys):
    return [join(frame, process_of(args[0]), seconds(keys.get("timeout"), "negative-join"))]


@operation("process-terminate")
def process_terminate(frame, args, keys):
    process = process_of(args[0])
    timeout = seconds(keys.get("join-timeout"))
    seconds(keys.get("force-timeout"))  # without terminators every termination is a kill
    if process is frame.process and process.state == "running":
        process.leave()
    process.kill()
    return [0 if timeout is None else join(frame, process, timeout)]


@operation("process-alive-p")
def process_alive_p(frame, args, keys):
    process = process_of(args[0])
    with frame.system.lock:
        if process.state == "dead":
            return [None]
        if process.state in ("cleaning", "cleaned"):
            return [value_of("alive-cleaning", None)]
        return [value_of("alive-asked", None) if process.asked or process.left else True]


@operation("get-current-process")
def get_current_process(frame, args, keys):
    return [frame.process]


def listed(system):
    """The current processes, oldest first."""
    def is_listed(process):
        if process.state == "new":
            return chosen("list-new") == "yes"
        return process.state == "running" or process.state != "dead" and chosen("list-cleaning") == "yes"
    with system.lock:
        return [process for process in system.all if is_listed(process)]


@operation("list-all-processes")
def list_all_processes(frame, args, keys):
    processes, order = listed(frame.system), chosen("list-order")
    if order == "newest":
        processes.reverse()
    elif order == "priority":
        processes.sort(key=lambda process: -process.priority)
    elif order == "any":
        random.shuffle(processes)
    return [processes]


@operation("processes-count")
def processes_count(frame, args, keys):
    return [len(listed(frame.system))]


@operation("ps")
def ps(frame, args, keys):
    sign = 1 if chosen("ps-order") == "ascending" else -1
    return [sorted(listed(frame.system), key=lambda p: sign * p.priority)]


def find(system, like):
    """The process of the highest priority among those, the oldest of several; None."""
    with system.lock:
        found = [process for process in system.processes() if like(process)]
    return max(found, key=lambda process: process.priority) if found else None


@operation("get-process")
def get_process(frame, args, keys):
    system, what = frame.system, args[0]
    text = text_of(what)
    if isinstance(what, Process):
        return [what]
    found = None
    if text is not None:
        found = find(system, lambda p: p.name == text)
    elif isinstance(what, (Symbol, Keyword)):
        found = find(system, lambda p: p.name == what.name) or find(system, lambda p: p.function == what)
    elif isinstance(what, Function):
        found = find(system, lambda p: p.function == what)
    elif not is_integer(what):
        raise type_error(what, "designator of a process")
    if found is None and chosen("no-match") == "error":
        raise Condition("simple-error", "no such process")
    return [found]


@operation("find-process-from-name")
def find_process_from_name(frame, args, keys):
    text = text_of(args[0])
    return [find(frame.system, lambda p: p.name == text)]


@operation("process-name")
def process_name(frame, args, keys):
    process = process_of(args[0])
    if process.state == "dead" and chosen("dead-name") != "name":
        if chosen("dead-name") == "error":
            raise Condition("simple-error", "the process is dead")
        return [None]
    return [process.name]


@operation("process-priority")
def process_priority(frame, args, keys):
    return [process_of(args[0]).priority]


@operation("change-process-priority")
def change_process_priority(frame, args, keys):
    process, priority = process_of(args[0]), integer(args[1])
    if process.state == "dead" and chosen("dead-priority") != "effect":
        if chosen("dead-priority") == "error":
            raise Condition("simple-error", "the process is dead")
        return [args[1]]
    process.priority = process.normal = priority
    return [args[1]]


@operation("process-internal-server-p")
def process_internal_server_p(frame, args, keys):
    return [truth(process_of(args[0]).internal)]


@operation("any-other-process-non-internal-server-p")
def any_other_process_non_internal_server_p(frame, args, keys):
    return [truth(any(p is not frame.process and not p.internal for p in listed(frame.system)))]


def until(predicate):
    ready = wait_function(predicate)
    return lambda: ready() or None


@operation("process-wait")
def process_wait(frame, args, keys):
    frame.system.wait(until(args[1]))
    return [True]


@operation("process-wait-with-timeout")
def process_wait_with_timeout(frame, args, keys):
    return [truth(frame.system.wait(until(args[2]), seconds(args[1])) is not TIMEOUT)]
