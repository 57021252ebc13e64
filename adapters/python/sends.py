# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Sends and mailboxes."""

from choices import chosen
from mailbox import Mailbox
from mpcheck_kit import TIMEOUT, Condition, Keyword, has_mail, integer, is_integer, keyword, type_error, wait_function
from operations import mailbox, operation, process_of, seconds, truth, value_of
from processes import find


def limit_of(value):
    """A limit: None for none, 0 for no room."""
    if value is None:
        return None
    if is_integer(value) and integer(value) > 0:
        return integer(value)
    odd = chosen("odd-limit")
    if odd == "error":
        raise type_error(value, "limit")
    return {"no-room": 0, "nil": None, "small": 1}[odd]


def change_priority(process, keys, sent):
    """What :change-priority makes of the priority of a send's target."""
    change = keys.get("change-priority", Keyword("default"))
    if change is None or not sent and chosen("failed-priority") == "unchanged":
        return
    if is_integer(change):
        process.priority = integer(change)
        return
    how = chosen("priority-t" if change is True else "priority-default")
    process.priority = {"unchanged": process.priority, "raised": 1000, "lowered": -1000}[how]


def dead_to_send(process):
    return (process.state == "dead" or process.state in ("cleaning", "cleaned") and chosen("send-cleaning") == "dead"
            or process.state == "running" and process.asked and chosen("send-asked") == "dead"
            or process.state == "new" and chosen("send-new") == "dead")


@operation("process-send")
def process_send(frame, args, keys):
    system, (target, item) = frame.system, args
    if chosen("send-to-name") == "accepted" and isinstance(target, str):
        target = find(system, lambda p: p.name == args[0]) or target
    process = process_of(target)
    change = keys.get("change-priority")
    if not (change is None or change is True or is_integer(change) or keyword(change) == "default"):
        if chosen("odd-priority") == "error":
            raise type_error(change, "change of priority")
        keys = dict(keys, **{"change-priority": None})
    limit, wants_error = limit_of(keys.get("limit")), keys.get("error-if-dead-p") is not None
    timeout = None if limit is None else seconds(keys.get("timeout"))
    if limit == 0 and timeout is None:
        timeout = 0
    goes_on = chosen("target-dies") == "goes-on"

    def attempt():
        if process.state == "dead" and not goes_on:
            return "dead"
        return process.mailbox.add(item, limit) and "sent"

    with system.lock:
        dead = dead_to_send(process)
        if process.mailbox is None and (not dead or chosen("dead-mailbox") == "yes"):
            process.mailbox = Mailbox()
    if dead:
        change_priority(process, keys, False)
        if wants_error:
            raise Condition("simple-error", "the target is dead", continuable=True, continued=value_of("continued", None))
        if limit is not None and timeout and chosen("dead-timeout") == "waited-out":
            system.wait(lambda: None, timeout)
        return [None]
    ended = system.wait(attempt, timeout)
    change_priority(process, keys, ended == "sent")
    if ended == "dead" and wants_error and chosen("target-dies") == "error":
        raise Condition("simple-error", "the target has died", continuable=True, continued=value_of("continued", None))
    return [value_of("true", None) if ended == "sent" else None]


@operation("make-mailbox", "size", "name")
def make_mailbox(frame, args, keys):
    size = keys.get("size")
    if size is not None:
        size = integer(size, "size")
        if size < 0 and chosen("size-negative") == "zero":
            size = 1 if chosen("size-zero") == "error" else 0
        if size == 0 and chosen("size-zero") == "one":
            size = 1
        if size < 0 or size == 0 and chosen("size-zero") == "error":
            raise type_error(keys["size"], "size")
    return [Mailbox(size, frame.process)]


@operation("mailbox-send")
def mailbox_send(frame, args, keys):
    box = mailbox(args[0])
    with frame.system.lock:
        box.add(args[1])
        frame.system.changed()
    return [value_of("send-value", args[1])]


@operation("mailbox-send-limited")
def mailbox_send_limited(frame, args, keys):
    box, item, limit, timeout, _, function = (args + [None] * 3)[:6]
    box, limit, timeout = mailbox(box), limit_of(limit), seconds(timeout)
    if limit == 0 and timeout is None:
        timeout = 0
    enough = wait_function(function) or (lambda: False)

    def attempt():
        if chosen("wait-function-at-entry") == "first" and enough():
            return "enough"
        return box.add(item, limit) and "sent" or enough() and "enough" or None

    return [value_of("true", None) if frame.system.wait(attempt, timeout) == "sent" else None]


@operation("mailbox-read")
def mailbox_read(frame, args, keys):
    box, _, timeout = (args + [None] * 2)[:3]
    taken = frame.system.wait(mailbox(box).take, seconds(timeout))
    return [None, None] if taken is TIMEOUT else [taken[0], True]


@operation("mailbox-peek")
def mailbox_peek(frame, args, keys):
    box = mailbox(args[0])
    with frame.system.lock:
        return [box.objects[0], True] if box.objects else [None, None]


@operation("mailbox-wait")
def mailbox_wait(frame, args, keys):
    box, _, timeout = (args + [None] * 2)[:3]
    box = mailbox(box)
    return [truth(frame.system.wait(lambda: truth(box.objects), seconds(timeout)) is not TIMEOUT)]


def ask_mailbox(name, ask):
    def answer(frame, args, keys):
        box = mailbox(args[0])
        with frame.system.lock:
            return [ask(box)]
    operation(name)(answer)


ask_mailbox("mailbox-empty-p", lambda box: truth(not box.objects))
ask_mailbox("mailbox-not-empty-p", lambda box: truth(box.objects))
ask_mailbox("mailbox-count", lambda box: len(box.objects))
ask_mailbox("mailbox-size", lambda box: box.size if chosen("size-tells") == "all" else max(0, box.size - len(box.objects)))
ask_mailbox("mailbox-full-p", lambda box: truth(len(box.objects) >= box.size))
ask_mailbox("mailbox-reader-process", lambda box: box.reader if chosen("reader") == "creator" else None)


has_mail(lambda box: mailbox(box).objects)


@operation("process-mailbox")
def process_mailbox(frame, args, keys):
    return [process_of(args[0]).mailbox]


@operation("set-process-mailbox")
def set_process_mailbox(frame, args, keys):
    with frame.system.lock:
        process_of(args[0]).mailbox = args[1] and mailbox(args[1])
    return [args[1]]
