# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes as CPython's threads are: threading answers for their making, joining, names and lists.

| operation | what answers it |
|---|---|
| process-run-function | Thread(name=...).start(), without keywords |
| get-current-process | current_thread |
| list-all-processes, processes-count | enumerate, active_count: of all threads of the program |
| process-alive-p, process-name, process-join | Thread.is_alive, .name, .join |

What is beside that - kills, cleanups, mailboxes, finding by name - threading doesn't have: it is composed, as far as cases need it.
"""

import threading

import processes
from host import of_host
from operations import CLAIMS, OPERATIONS, seconds, string, truth
from values import Condition, lisp_list, type_error
from world import LOCK, Process


def thread_of(system, value):
    """The thread that a reference means: of one of our processes, or another that the list had."""
    thing = system.lookup(value)
    thread = thing.thread if isinstance(thing, Process) else thing
    if not isinstance(thread, threading.Thread):
        raise type_error(value, "process")
    return thread


def reference(system, thread):
    """The reference of a thread; one that nobody here has made gets its own."""
    process = getattr(thread, "process", None)
    if process is not None and process.system is system:
        return process.ref
    with LOCK:
        if thread not in system.strangers:
            system.strangers[thread] = system.named("process", thread)
        return system.strangers[thread]


@of_host("process-run-function")
def process_run_function(frame, args, keys):
    system, (name, keywords, function) = frame.system, args[:3]
    if keywords is not None:
        raise Condition("type-error", "Thread takes no such keywords")
    text = string(system, name)
    if text is None:
        raise type_error(name, "name")
    code = system.function(function)
    process = Process(system, text)
    process.function = function
    process.begin(code, args[3:])
    return [process.ref]


@of_host("get-current-process")
def get_current_process(frame, args, keys):
    return [reference(frame.system, threading.current_thread())]


@of_host("list-all-processes")
def list_all_processes(frame, args, keys):
    return [lisp_list(reference(frame.system, thread) for thread in threading.enumerate())]


@of_host("processes-count")
def processes_count(frame, args, keys):
    return [threading.active_count()]


@of_host("process-alive-p")
def process_alive_p(frame, args, keys):
    return [truth(thread_of(frame.system, args[0]).is_alive())]


@of_host("process-name")
def process_name(frame, args, keys):
    return [thread_of(frame.system, args[0]).name]


@of_host("process-join")
def process_join(frame, args, keys):
    thread, timeout = thread_of(frame.system, args[0]), keys.get("timeout")
    thread.join(None if timeout is None else seconds(timeout))
    return [truth(not thread.is_alive())]


# Threads have neither priorities nor servers, and Thread takes no keywords of these.
for name in ("ps", "process-priority", "change-process-priority", "process-internal-server-p", "any-other-process-non-internal-server-p"):
    del OPERATIONS[name], CLAIMS[name]
for name in processes.KEYWORDS:
    del CLAIMS["process-run-function :" + name]

NATIVE = ["process-run-function", "get-current-process", "list-all-processes", "processes-count", "process-alive-p",
          "process-name", "process-join"]
