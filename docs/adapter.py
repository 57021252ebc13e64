#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The smallest adapter that can be judged: threads, mailboxes, and the kit that cases are built with.

Values stay in the form that they have on the wire (docs/protocol.md), so that literals need no code.
All waiting is on one condition, WORLD, which also guards everything that threads share.
"""
import itertools, json, os, queue, sys, threading, time

IN, OUT = (int(os.environ[name]) for name in ("MPCHECK_IN", "MPCHECK_OUT"))
WORLD, OUTBOX, NUMBERS = threading.Condition(), queue.Queue(), itertools.count(1)
FRAMES, ENTERED = {}, {}  # frames by their name, and by the request that entered them


class Left(BaseException):
    """The code of a frame is left: its process is gone, or the test was given up ("aborted")."""


class Thing:  # whatever a reference denotes
    def __init__(self, kind, **parts):
        self.ref = {"ref": "%s-%d" % (kind, next(NUMBERS)), "type": kind}
        self.__dict__.update(parts)
        THINGS[self.ref["ref"]] = self


def wait(frame, ready, limit=None):  # with WORLD held: until ready, or the frame is left
    end = None if limit is None else time.monotonic() + limit
    while True:
        if frame.process.killed or SYSTEM["aborted"] and frame.outermost:
            raise Left("gone" if frame.process.killed else "aborted")
        if ready() or end is not None and time.monotonic() >= end:
            return bool(ready())
        WORLD.wait(None if end is None else max(0, end - time.monotonic()))


def enter(process, callback, args, outermost=False):  # run code of the harness in this thread
    frame = Thing("frame", process=process, outermost=outermost, inbox=[], open=None, dead=False)
    number, name = next(NUMBERS), frame.ref["ref"]
    with WORLD:
        FRAMES[name] = ENTERED[number] = frame
    send(id=number, method="enter", params={"system": SYSTEM["name"], "frame": name, "callback": callback,
                                             "process": process.ref, "args": args})
    why = "gone"
    try:
        while True:
            with WORLD:
                wait(frame, lambda: frame.inbox)
                kind, *item = frame.inbox.pop(0)
            if kind == "values":
                return item[0]
            try:
                outcome = {"status": "returned", "values": OPERATIONS[item[1]](frame, *item[2], **item[3])}
            except (KeyError, TypeError) as error:  # what isn't offered; else arguments that it doesn't take
                condition = {"type": "type-error", "message": repr(error), "continuable": False}
                outcome = {"status": "signalled", "condition": condition} if item[1] in OPERATIONS else {"status": "absent"}
            with WORLD:
                frame.open = None
                send(id=item[0], result=outcome)
    except Left as left:
        why = str(left)
        raise
    finally:
        with WORLD:  # what is open on a dead frame is answered too
            frame.dead = True
            if frame.open is not None:
                send(id=frame.open, result={"status": why})


def run(process, callback, args, outermost=False):
    try:
        enter(process, callback, args, outermost)
    except Left:
        pass
    with WORLD:
        process.over = True
        WORLD.notify_all()


def start(callback, args, outermost=False):
    process = Thing("process", killed=False, over=False)
    process.thread = threading.Thread(target=run, args=(process, callback, args, outermost), daemon=True)
    PROCESSES.append(process)
    process.thread.start()
    return process


def thing(value): return THINGS[value["ref"]]
def seconds(value): return value if not isinstance(value, dict) else float(next(iter(value.values())))


def holds(predicate):  # the predicates of await are lists: a keyword, then what it is about
    kind, *rest = predicate[0]["key"], *predicate[1:]
    return {"always": lambda: True, "never": lambda: False,
            "cell-is": lambda: thing(rest[0]).value == rest[1], "cell-not": lambda: thing(rest[0]).value != rest[1],
            "and": lambda: all(map(holds, rest)), "or": lambda: any(map(holds, rest))}[kind]()


def changes(change):  # an operation that others may wait for
    def operation(frame, *args):
        with WORLD:
            WORLD.notify_all()
            return [change(*args)]
    return operation


def waits(ready, result, limit=lambda *args: None):
    def operation(frame, *args):
        with WORLD:
            return result(wait(frame, lambda: ready(*args), limit(*args)), *args)
    return operation


def read(found, mailbox, *rest): return [thing(mailbox).items.pop(0), True] if found else [None, None]
def timeout(mailbox, reason=None, timeout=None): return None if timeout is None else seconds(timeout)


OPERATIONS = {
    "eq": lambda frame, a, b: [True if a == b and not isinstance(a, (str, list)) else None],
    "make-log": lambda frame: [Thing("log", entries=[]).ref],
    "log-append": changes(lambda log, entry: thing(log).entries.append(entry)),
    "log-read": lambda frame, log: [list(thing(log).entries) or None],
    "make-cell": lambda frame, value: [Thing("cell", value=value).ref],
    "cell-get": lambda frame, cell: [thing(cell).value],
    "cell-set": changes(lambda cell, value: setattr(thing(cell), "value", value)),
    "make-gate": lambda frame: [Thing("gate", opened=False).ref],
    "gate-open": changes(lambda gate: setattr(thing(gate), "opened", True)),
    "gate-wait": waits(lambda gate: thing(gate).opened, lambda held, gate: [None]),
    "await": waits(lambda p, limit: holds(p), lambda held, *rest: [held or None], lambda p, limit: seconds(limit)),
    "pause": waits(lambda limit: False, lambda held, limit: [None], seconds),
    "make-function": lambda frame, code: [Thing("function", code=code["callback"]).ref],
    "funcall": lambda frame, function, *args: enter(frame.process, thing(function).code, list(args)),
    "process-run-function": lambda frame, name, keys, function, *args: [start(thing(function).code, list(args)).ref],
    "process-kill": changes(lambda process: setattr(thing(process), "killed", True)),
    "make-mailbox": lambda frame: [Thing("mailbox", items=[]).ref],
    "mailbox-send": changes(lambda mailbox, item: thing(mailbox).items.append(item) or item),
    "mailbox-count": lambda frame, mailbox: [len(thing(mailbox).items)],
    "mailbox-empty-p": lambda frame, mailbox: [None if thing(mailbox).items else True],
    "mailbox-read": waits(lambda mailbox, *rest: thing(mailbox).items, read, timeout),
}


def send(**message): OUTBOX.put(json.dumps(dict(message, jsonrpc="2.0")).encode() + b"\n")


def write():  # the only thread that writes, so that no line is torn
    while (line := OUTBOX.get()) is not None:
        while line:
            line = line[os.write(OUT, line):]
    os._exit(0)


def close(number):
    with WORLD:
        left = [process for process in PROCESSES if not process.over]
        for process in PROCESSES:
            process.killed = True
        WORLD.notify_all()
    for process in PROCESSES:
        process.thread.join(5)
    send(id=number, result={"processes": len(left), "children": 0, "unclean": any(p.thread.is_alive() for p in left)})


def later(work, *args): threading.Thread(target=work, args=args, daemon=True).start()


def finish(number):
    PROCESSES[0].thread.join()
    send(id=number, result={})


def handle(message):  # nothing here waits
    number, method, params = message.get("id"), message.get("method"), message.get("params") or {}
    if method is None or method == "call":
        with WORLD:
            frame = ENTERED.get(number) if method is None else FRAMES.get(params["frame"])
            if method is None:  # the answer to an enter
                if frame and not frame.dead:
                    frame.inbox.append(("values", (message.get("result") or {}).get("values", [])))
            elif frame is None or frame.dead:
                send(id=number, result={"status": "gone"})
            else:
                frame.open = number
                frame.inbox.append(("call", number, params["op"], params["args"], dict(params["keys"])))
            WORLD.notify_all()
    elif method == "hello":
        send(id=number, result={"contract": "v1", "name": "one-page", "version": "1", "capabilities": ["core"], "profile": ["lispworks-8:MBOX"],
                                "operations": {name: "native" for name in OPERATIONS}, "clock": "real", "granularityMs": 1, "pid": os.getpid()})
    elif method == "open":
        SYSTEM.update(name=params["system"], aborted=False)
        THINGS.clear(), PROCESSES.clear()
        send(id=number, result={})
        start(0, [], outermost=True)
    elif method == "abort":
        with WORLD:
            SYSTEM["aborted"] = True
            WORLD.notify_all()
        send(id=number, result={})
    elif method in ("finish", "close"):
        later({"finish": finish, "close": close}[method], number)
    elif method in ("ping", "bye"):
        send(id=number, result={})
        if method == "bye":
            OUTBOX.put(None)
    else:
        send(id=number, error={"code": -32601, "message": "no method %s" % method})


SYSTEM, THINGS, PROCESSES = {"aborted": False}, {}, []
later(write)
for line in os.fdopen(IN, "rb"):
    if line.strip():
        try:
            message = json.loads(line)
        except ValueError:
            send(id=None, error={"code": -32700, "message": "a line that can't be read"})
            continue
        handle(message)
os._exit(0)
