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

import collections
import os
import pathlib
import platform
import signal
import subprocess
import sys
from io import StringIO

import kit  # noqa: F401 - these enter their operations
import streams
from host import of_host, path
from operations import CLAIMS, elements, string, truth
from reader import serve
from values import integer, is_integer, keyword, type_error

Program = collections.namedtuple("Program", "popen streams")  # those of its pipes, None where there is none

TEXT = {"encoding": "utf-8"}  # pipes are text
DESCRIPTORS = {"input": "stdin", "output": "stdout", "error": "stderr"}
WORDS = {"stream": subprocess.PIPE, "output": subprocess.STDOUT}
MODES = {"error": "x", "supersede": "w", "append": "a"}


def argument(system, value):
    """An argument as CPython has it, where it has such a type."""
    if isinstance(value, dict) and "path" in value:
        return pathlib.Path(value["path"])
    text = string(system, value)
    return integer(value) if is_integer(value) else value if text is None else text


def command(system, program, arguments):
    return [argument(system, value) for value in [program] + elements(system, arguments)]


def environment(system, keys):
    given = {}
    for pair in elements(system, keys.get("environment")):
        name, value = pair["dotted"]
        given[argument(system, name)] = argument(system, value)
    return given if keys.get("replace-environment-p") is not None else {**os.environ, **given}


def mode(name, keys):
    """How a file is opened."""
    word = "if-input-does-not-exist" if name == "input" else "if-%s-exists" % name
    chosen = keyword(keys[word]) if word in keys else None
    if name == "input":
        return "r" if word not in keys or chosen == "error" else chosen
    return MODES.get(chosen, chosen) if word in keys else "w"


def redirection(system, name, keys, opened):
    """What Popen takes as a stream. What is opened for it is added to opened."""
    value = keys[name]
    if value is None or value is True:
        return None if value else subprocess.DEVNULL
    if keyword(value):
        return WORDS[keyword(value)]
    if system.lookup(value) is not None and string(system, value) is None:
        return streams.stream(system, value)
    opened.append(open(path(system, value), mode(name, keys)))
    return opened[-1]


def options(system, keys, opened):
    given = {DESCRIPTORS[name]: redirection(system, name, keys, opened) for name in DESCRIPTORS if name in keys}
    if "environment" in keys or "replace-environment-p" in keys:
        given["env"] = environment(system, keys)
    if keys.get("status-hook") is not None:
        given["status_hook"] = keys["status-hook"]
    return dict(given, **TEXT)


def end(code):
    return [{"key": "exited"}, code] if code >= 0 else [{"key": "signaled"}, -code]


@of_host("run", "environment", "replace-environment-p")
def run(frame, args, keys):
    opened, wanted = [], {}
    try:
        given = options(frame.system, keys, opened)
        if isinstance(given.get("stdin"), StringIO):
            given["input"] = given.pop("stdin").read()
        for name in ("stdout", "stderr"):
            if isinstance(given.get(name), StringIO):
                wanted[name], given[name] = given[name], subprocess.PIPE
        done = subprocess.run(command(frame.system, *args), **given)
    finally:
        for file in opened:
            file.close()
    for name, stream in wanted.items():
        stream.write(getattr(done, name))
    return end(done.returncode)


@of_host("start", "environment", "replace-environment-p")
def start(frame, args, keys):
    system, opened = frame.system, []
    try:
        popen = subprocess.Popen(command(system, *args), **options(system, keys, opened))
    finally:
        for file in opened:
            file.close()
    system.children.add(popen)
    return [system.named("external-process", Program(popen, pipes(system, popen)))]


def pipes(system, popen):
    return [pipe and system.named("stream", pipe) for pipe in (popen.stdin, popen.stdout, popen.stderr)]


def program(frame, value):
    thing = frame.system.lookup(value)
    if not isinstance(thing, Program):
        raise type_error(value, "external process")
    return thing


@of_host("process-input-stream")
def process_input_stream(frame, args, keys):
    return [program(frame, args[0]).streams[0]]


@of_host("process-output-stream")
def process_output_stream(frame, args, keys):
    return [program(frame, args[0]).streams[1]]


@of_host("process-error-stream")
def process_error_stream(frame, args, keys):
    return [program(frame, args[0]).streams[2]]


@of_host("process-p")
def process_p(frame, args, keys):
    return [truth(isinstance(frame.system.lookup(args[0]), Program))]


@of_host("process-id")
def process_id(frame, args, keys):
    return [program(frame, args[0]).popen.pid]


@of_host("signal-process")
def signal_process(frame, args, keys):
    program(frame, args[0]).popen.send_signal(argument(frame.system, args[1]))
    return [None]


@of_host("process-status")
def process_status(frame, args, keys):
    code = program(frame, args[0]).popen.poll()
    return [{"key": "running"}, None] if code is None else end(code)


def reaped(pid, wait):
    try:
        found, status = os.waitpid(pid, 0 if wait else os.WNOHANG)
    except ChildProcessError:
        return [None, None]
    return [os.waitstatus_to_exitcode(status), found] if found else [None, pid]


@of_host("reap-os-subprocess")
def reap_os_subprocess(frame, args, keys):
    return reaped(integer(keys.get("pid", -1)), keys.get("wait", True) is not None)


@of_host("os-wait")
def os_wait(frame, args, keys):
    nowait, pid = (args + [None, -1][len(args):])[:2]
    return reaped(integer(pid), nowait is None)


@of_host("run-shell-command", "separate-streams")
def run_shell_command(frame, args, keys):
    system, opened, given = frame.system, [], dict(TEXT, shell=True)
    try:
        for name, descriptor in (("input", "stdin"), ("output", "stdout"), ("error-output", "stderr")):
            if name in keys:
                given[descriptor] = redirection(system, name, keys, opened)
        if keys.get("wait", True) is not None:
            return [subprocess.call(string(system, args[0]), **given)]
        popen = subprocess.Popen(string(system, args[0]), **given)
    finally:
        for file in opened:
            file.close()
    # Kept: a Popen that nothing refers to is asked for its end by the next one that is made.
    system.children.add(popen)
    to, out, error = pipes(system, popen)
    return ([to, out] if keys.get("separate-streams") else [out or to]) + [error, popen.pid]


def end_children(system):
    """End what a closed system has left running: how many that were."""
    ended = 0
    while system.children:
        popen = system.children.pop()
        if popen.poll() is None:
            popen.send_signal(signal.SIGKILL)
            ended += 1
        popen.wait()
    return ended


NATIVE = dict(CLAIMS)

import processes  # noqa: E402,F401 - what threading hasn't, as some cases need it
import threads  # noqa: E402

# What a pipe still holds as it is thrown away is nobody's.
sys.unraisablehook = lambda unraisable: None
serve("CPython", platform.python_version(), ["posix-waitpid"],
      {name: "native" if name in threads.NATIVE else NATIVE.get(name, "composed") for name in CLAIMS}, end_children)
