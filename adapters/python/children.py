# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Children of the operating system: waitpid, of those that are left to reap."""

import os
import signal
import threading
import time

from mpcheck_kit import Condition, Keyword, Pathname, integer, text_of, type_error, whole_operation

# Held where a look at children and what it takes must be one.
REAPING = threading.Lock()


def considered(system, which):
    """The children left to reap that a pid argument selects, as for waitpid."""
    if which == -1:
        return list(system.children)
    if which > 0:
        return [pid for pid in system.children if pid == which]
    group = -which or os.getpgid(0)
    return [pid for pid in system.children if os.getpgid(pid) == group]


def look(system, which):
    """What waitpid says of them, as three values; None where one still runs. It isn't asked for
    any child: it would take that of a command which its caller waits for."""
    running = False
    with REAPING:
        for pid in considered(system, which):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found == 0:
                running = True
                continue
            system.children.discard(pid)
            if os.WIFSIGNALED(status):
                return [os.WTERMSIG(status), found, os.WTERMSIG(status)]
            return [os.WEXITSTATUS(status), found, None]
    return None if running else [None, None, None]


def reaped(frame, pid, wait):
    pid = integer(pid, "pid")
    values = look(frame.system, pid)
    while values is None and wait and not frame.system.closed:
        time.sleep(0.002)
        values = look(frame.system, pid)
    return values or [None, pid, None]


@whole_operation("reap-os-subprocess")
def reap_os_subprocess(frame, args, keys):
    return reaped(frame, keys.get("pid", -1), keys.get("wait", True))


@whole_operation("os-wait")
def os_wait(frame, args, keys):
    nowait, pid = (args + [None, -1][len(args):])[:2]
    return reaped(frame, pid, not nowait)


def stream_path(frame, name, value, wait):
    """The file that one of a child's streams is."""
    if value is None:
        return os.devnull
    if isinstance(value, Pathname):
        return value.name
    if value == Keyword("stream"):
        raise Condition("program-error", ":%s :stream is not offered%s" % (name, ", and nobody could use it" if wait else ""))
    text = text_of(value)
    if text is None:
        raise type_error(value, "file")
    return text


@whole_operation("run-shell-command", "separate-streams")
def run_shell_command(frame, args, keys):
    wait, command = keys.get("wait", True), text_of(args[0])
    if command is None:
        raise type_error(args[0], "command")
    opens = []
    for i, name in enumerate(("input", "output", "error-output")):
        flags = os.O_RDONLY if i == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        opens.append((os.POSIX_SPAWN_OPEN, i, stream_path(frame, name, keys.get(name), wait), flags, 0o666))
    try:
        with REAPING:
            pid = os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ, file_actions=opens,
                                 setsigdef=[signal.SIGPIPE, signal.SIGINT])
            if not wait:
                frame.system.children.add(pid)
    except OSError as error:
        raise Condition("file-error", str(error))
    if wait:
        _, status = os.waitpid(pid, 0)
        return [128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)]
    return [None] * (3 if keys.get("separate-streams") else 2) + [pid]


def end_children(system):
    """End what is left to reap of a closed system: how many those were."""
    ended = 0
    with REAPING:
        while system.children:
            pid = system.children.pop()
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                ended += 1
            except OSError:
                pass
    return ended
