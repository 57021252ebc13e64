# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Processes as CPython's threads are: threading answers for their making, joining, names and lists.

| operation | what answers it |
|---|---|
| process-run-function | Thread(name=...).start(), without keywords |
| get-current-process | current_thread |
| list-all-processes, processes-count | enumerate, active_count: of all threads of the program |
| process-alive-p, process-name, process-join | Thread.is_alive, .name, .join |

What is beside that - kills, waits for predicates, finding by name - threading doesn't have: it is composed, as far as cases
need it. So is interrupting a thread: CPython runs handlers of signals in the main thread alone.
"""

import threading

from mpcheck_kit import (
    TYPES, Condition, Function, Keyword, Symbol, function_of, is_integer, operation, seconds, system, text_of, type_error)
from mpcheck_kit.threads import Process, composed, process_of

TYPES[threading.Thread] = "process"


def thread_of(value):
    """The thread that a value means: of one of our processes, or another that the list had."""
    thread = value.thread if isinstance(value, Process) else value
    if not isinstance(thread, threading.Thread):
        raise type_error(value, "process")
    return thread


def known(thread):
    """What a thread is known as: one of this system's is its process, any other itself."""
    process = getattr(thread, "process", None)
    return process if process is not None and process.system is system() else thread


@operation("process-run-function")
def process_run_function(name, keywords, function, *args):
    if keywords is not None:
        raise Condition("type-error", "Thread takes no such keywords")
    if text_of(name) is None:
        raise type_error(name, "name")
    called = function_of(function)
    process = Process(system(), text_of(name), lambda: called(*args))
    process.function = function
    return process


operation("get-current-process")(lambda: known(threading.current_thread()))
operation("list-all-processes")(lambda: [known(thread) for thread in threading.enumerate()])
operation("processes-count")(threading.active_count)
operation("process-alive-p")(lambda process: thread_of(process).is_alive())
operation("process-name")(lambda process: thread_of(process).name)


@operation("process-join")
def process_join(process, timeout=None):
    thread = thread_of(process)
    thread.join(seconds(timeout))
    return not thread.is_alive()


@composed("process-terminate")
def process_terminate(process, join_timeout=None, force_timeout=None):
    """Without terminators every termination is a kill."""
    if process is system().current():
        process.leave()
    process_of(process).kill()
    return 0 if join_timeout is None else process_join(process, join_timeout)


@composed("find-process-from-name")
def find_process_from_name(name):
    return next((process for process in system().processes() if process.name == text_of(name)), None)


@composed("get-process")
def get_process(what):
    if isinstance(what, Process):
        return what
    if isinstance(what, (Symbol, Keyword, Function)):
        named = find_process_from_name(getattr(what, "name", None))
        return named or next((process for process in system().processes() if getattr(process, "function", None) == what), None)
    if text_of(what) is None and not is_integer(what):
        raise type_error(what, "designator of a process")
    return find_process_from_name(what)
