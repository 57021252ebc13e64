#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""CPython as it is: subprocess and os.waitpid answer for external programs and for reaping.

    mpcheck run --known adapters/python/known-cpython.txt --select EXT --select REAP \\
        -- python3 adapters/python/cpython.py

| operation | what answers it |
|---|---|
| run | subprocess.run. Its input= and a PIPE stand for a stream that is a StringIO, which has no descriptor |
| start | subprocess.Popen |
| process-input-stream, -output-stream, -error-stream | Popen.stdin, .stdout, .stderr |
| process-p | isinstance(..., Popen) |
| process-id | Popen.pid |
| signal-process | Popen.send_signal, by number |
| process-status | Popen.poll: its answer is the code, or less than nothing for a signal. It doesn't ask for stops, and says that a stopped child runs |
| reap-os-subprocess, os-wait | os.waitpid, os.waitstatus_to_exitcode |
| run-shell-command | subprocess.call and Popen, with shell=True |
| signal-mapping | nothing: signals have numbers, and names that are none of the table's |
| ignore-child-signals | nothing: signal.signal would, but not for one system alone |

| argument | what it becomes |
|---|---|
| nil, t, :stream, :output | DEVNULL, None, PIPE, STDOUT |
| a path | open(...), whose mode is "r", or "w" as everywhere in Python; if-output-exists names another: "x" for :error, "a" for :append. Of what is no mode open says so; so it does of each if-input-does-not-exist but :error |
| environment | env=, a mapping: os.environ with it, or it alone |
| program and arguments | as they are: str, or pathlib's paths; what else there is subprocess refuses |
| status-hook | not claimed of start: subprocess tells nobody that a child has ended. To run it is given as if there were such a keyword, which is refused |

All waits are the host's own. No kill reaches a thread in os.waitpid, in Popen.wait or at a pipe; it ends after that.
"""

import os
import pathlib
import platform
import signal
import subprocess
import sys
from io import StringIO

import threads  # noqa: F401 - these enter their operations
from mpcheck_kit import TYPES, Keyword, Pathname, elements, integer, keyword, operation, serve, system, text_of, type_error
from mpcheck_kit.streams import path_of, stream_of
from mpcheck_kit.threads import ThreadSystem


class CPython(ThreadSystem):
    def __init__(self, name, writer):
        super().__init__(name, writer)
        self.children = set()

    def end_children(self):
        ended = 0
        while self.children:
            popen = self.children.pop()
            if popen.poll() is None:
                popen.send_signal(signal.SIGKILL)
                ended += 1
            popen.wait()
        return ended


TYPES[subprocess.Popen] = "external-process"
TEXT = {"encoding": "utf-8"}  # pipes are text
DESCRIPTORS = {"input": "stdin", "output": "stdout", "error": "stderr"}
WORDS = {"stream": subprocess.PIPE, "output": subprocess.STDOUT}
MODES = {"error": "x", "supersede": "w", "append": "a"}


def argument(value):
    """An argument as CPython has it, where it has such a type."""
    if isinstance(value, Pathname):
        return pathlib.Path(value.name)
    text = text_of(value)
    return value if text is None else text


def command(program, arguments):
    return [argument(value) for value in [program] + elements(arguments)]


def environment(alist, replace):
    given = {}
    for pair in elements(alist):
        name, value = pair.items
        given[argument(name)] = argument(value)
    return given if replace is not None else {**os.environ, **given}


def mode(name, keys):
    """How a file is opened."""
    word = "if_input_does_not_exist" if name == "input" else "if_%s_exists" % name
    chosen = keyword(keys[word]) if word in keys else None
    if name == "input":
        return "r" if word not in keys or chosen == "error" else chosen
    return MODES.get(chosen, chosen) if word in keys else "w"


def redirection(name, keys, opened):
    """What Popen takes as a stream. What is opened for it is added to opened."""
    value = keys[name]
    if value is None or value is True:
        return None if value else subprocess.DEVNULL
    if keyword(value):
        return WORDS[keyword(value)]
    if not isinstance(value, Pathname) and text_of(value) is None:
        return stream_of(value)
    opened.append(open(path_of(value), mode(name, keys)))
    return opened[-1]


def options(keys, opened):
    given = {DESCRIPTORS[name]: redirection(name, keys, opened) for name in DESCRIPTORS if name in keys}
    if "environment" in keys or "replace_environment_p" in keys:
        given["env"] = environment(keys.get("environment"), keys.get("replace_environment_p"))
    if keys.get("status_hook") is not None:
        given["status_hook"] = keys["status_hook"]
    return dict(given, **TEXT)


def end(code):
    return (Keyword("exited"), code) if code >= 0 else (Keyword("signaled"), -code)


@operation("run", "environment", "replace-environment-p")
def run(program, arguments, **keys):
    opened, wanted = [], {}
    try:
        given = options(keys, opened)
        if isinstance(given.get("stdin"), StringIO):
            given["input"] = given.pop("stdin").read()
        for name in ("stdout", "stderr"):
            if isinstance(given.get(name), StringIO):
                wanted[name], given[name] = given[name], subprocess.PIPE
        done = subprocess.run(command(program, arguments), **given)
    finally:
        for file in opened:
            file.close()
    for name, stream in wanted.items():
        stream.write(getattr(done, name))
    return end(done.returncode)


@operation("start", "environment", "replace-environment-p")
def start(program, arguments, **keys):
    opened = []
    try:
        popen = subprocess.Popen(command(program, arguments), **options(keys, opened))
    finally:
        for file in opened:
            file.close()
    system().children.add(popen)
    return popen


def popen_of(value):
    if not isinstance(value, subprocess.Popen):
        raise type_error(value, "external process")
    return value


operation("process-input-stream")(lambda program: popen_of(program).stdin)
operation("process-output-stream")(lambda program: popen_of(program).stdout)
operation("process-error-stream")(lambda program: popen_of(program).stderr)
operation("process-p")(lambda value: isinstance(value, subprocess.Popen))
operation("process-id")(lambda program: popen_of(program).pid)


@operation("signal-process")
def signal_process(program, number):
    popen_of(program).send_signal(argument(number))


@operation("process-status")
def process_status(program):
    code = popen_of(program).poll()
    return (Keyword("running"), None) if code is None else end(code)


def reaped(pid, wait):
    try:
        found, status = os.waitpid(pid, 0 if wait else os.WNOHANG)
    except ChildProcessError:
        return None, None
    return (os.waitstatus_to_exitcode(status), found) if found else (None, pid)


@operation("reap-os-subprocess")
def reap_os_subprocess(pid=-1, wait=True):
    return reaped(integer(pid), wait is not None)


@operation("os-wait")
def os_wait(nowait=None, pid=-1):
    return reaped(integer(pid), nowait is None)


@operation("run-shell-command", "separate-streams")
def run_shell_command(line, separate_streams=None, wait=True, **keys):
    opened, given = [], dict(TEXT, shell=True)
    try:
        for name, descriptor in (("input", "stdin"), ("output", "stdout"), ("error_output", "stderr")):
            if name in keys:
                given[descriptor] = redirection(name, keys, opened)
        if wait is not None:
            return subprocess.call(text_of(line), **given)
        popen = subprocess.Popen(text_of(line), **given)
    finally:
        for file in opened:
            file.close()
    # Kept: a Popen that nothing refers to is asked for its end by the next one that is made.
    system().children.add(popen)
    to, out, error = popen.stdin, popen.stdout, popen.stderr
    return ((to, out) if separate_streams is not None else (out or to,)) + (error, popen.pid)


# What a pipe still holds as it is thrown away is nobody's.
sys.unraisablehook = lambda unraisable: None
serve("CPython", platform.python_version(), ["posix-waitpid"], CPython, capabilities=["core", "posix"])
