# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""What the documents leave to an implementation, as choices of the environment.

C=name=value,... sets some; the first value of each is what is done without. Where a choice
allows it, value|value draws anew each time. docs/behaviours.md has the clauses.
"""

import os
import random

# name: (the clause, its values) - a number as the only value stands for any number, of milliseconds
# where the name ends so.
CHOICES = {
    # Timing: at most so late, drawn anew each time.
    "begin-ms": ("PROC-CREATE-7", [0]),
    "kill-ms": ("PROC-KILL-7", [0]),
    "tell-ms": ("PROC-KILL-1", [0]),  # messages, those of one process in order
    "tell-order": ("PROC-KILL-1", ["process", "all"]),
    "work-ms": ("PROC-CREATE-7", [0]),  # before and after the effect of an operation
    # Waiting.
    "hand-over": ("MBOX-READ-5", ["yes", "no"]),  # who makes it possible also does it, for the waiter
    "turn": ("MBOX-LIM-7", ["oldest", "newest", "any"]),
    "killed-waiter": ("MBOX-READ-6", ["gets-nothing", "may-get"]),
    "granted-killed": ("MBOX-READ-6", ["loses", "keeps"]),
    # Kills.
    "kill-lands": ("PROC-KILL-1", ["anywhere", "in-waits", "at-operations"]),
    "second-kill": ("PROC-KILL-4", ["ignored", "cuts"]),
    "kill-self": ("PROC-KILL-7", ["now", "later"]),
    "kill-value": ("PROC-KILL-7", ["t", "nil", "int"]),
    "kill-dead": ("PROC-KILL-6", ["quiet", "error"]),
    "unbegun-cleanups": ("PROC-KILL-8", ["left", "run"]),
    "unwinding": ("CLEAN-UNW-1", ["first", "after-cleanups"]),
    "unwinding-in-cleanup": ("CLEAN-INP-3", ["t", "nil"]),
    "pending-in-cleanup": ("CLEAN-INP-3", ["nil", "t"]),
    "unhandled": ("PROC-EXIT-4", ["dies", "debugger"]),
    # Processes and their names.
    "odd-name": ("PROC-CREATE-5", ["error", "kept", "string", "substitute"]),
    "namesake": ("PROC-CREATE-6", ["exists", "error", "renamed"]),
    "unknown-keyword": ("PROC-CREATE-9", ["error", "ignored"]),
    "join-self": ("PROC-JOIN-3", ["waits", "nil", "error"]),
    "negative-join": ("PROC-JOIN-3", ["nil", "error"]),
    "join-cleaning": ("PROC-JOIN-5", ["waits", "returns"]),
    "alive-asked": ("PROC-ALIVE-2", ["t", "nil"]),
    "alive-cleaning": ("PROC-ALIVE-2", ["t", "nil"]),
    "list-order": ("PROC-LIST-3", ["oldest", "newest", "priority", "any"]),
    "list-new": ("PROC-LIST-4", ["yes", "no"]),
    "list-cleaning": ("PROC-LIST-4", ["yes", "no"]),
    "ps-order": ("PROC-PS-2", ["descending", "ascending"]),
    "no-match": ("PROC-NAME-7", ["nil", "error"]),
    "dead-name": ("PROC-NAME-8", ["name", "nil", "error"]),
    "dead-priority": ("PROC-PRI-7", ["effect", "none", "error"]),
    "mailbox-at-birth": ("SEND-MB-5", ["no", "yes"]),
    # Cleanups.
    "symbol-form": ("CLEAN-FORM-4", ["called", "error"]),
    "odd-form": ("CLEAN-FORM-5", ["error", "fails"]),
    "symbol-resolved": ("CLEAN-FORM-6", ["late", "early"]),
    "dead-registration": ("CLEAN-PROC-5", ["nil", "value", "error"]),
    "late-registration": ("CLEAN-PROC-6", ["in-order", "last", "never", "error"]),
    "far-priority": ("CLEAN-PRI-2", ["error", "accepted"]),
    "fraction-priority": ("CLEAN-PRI-2", ["error", "accepted"]),
    "equals": ("CLEAN-ORDER-2", ["oldest", "newest", "any"]),
    "moved": ("CLEAN-DUP-10", ["after", "before"]),
    "registered": ("CLEAN-DUP-9", ["t", "nil", "int", "none"]),
    "failed-form": ("CLEAN-ERR-1", ["next-runs", "ends", "debugger"]),
    "legacy-mixture": ("CLEAN-LEG-3", ["honoured", "error"]),
    "nil-process": ("CLEAN-LEG-3", ["error", "current"]),
    # Sends and mailboxes.
    "true": ("SEND-RET-1", ["t", "int", "key"]),  # any true value will do
    "priority-t": ("SEND-PRI-4", ["unchanged", "raised", "lowered"]),
    "priority-default": ("SEND-PRI-4", ["unchanged", "raised", "lowered"]),
    "failed-priority": ("SEND-PRI-5", ["unchanged", "changed"]),
    "odd-priority": ("SEND-PRI-5", ["error", "ignored"]),
    "continued": ("SEND-DEAD-3", ["nil", "t", "int"]),
    "send-cleaning": ("SEND-DEAD-5", ["alive", "dead"]),
    "send-asked": ("SEND-DEAD-5", ["alive", "dead"]),
    "send-new": ("SEND-DEAD-5", ["alive", "dead"]),
    "dead-mailbox": ("SEND-DEAD-6", ["no", "yes"]),
    "dead-timeout": ("SEND-DEAD-7", ["at-once", "waited-out"]),
    "odd-limit": ("SEND-LIM-3", ["error", "no-room", "nil", "small"]),
    "target-dies": ("SEND-LIM-6", ["error", "false", "goes-on"]),
    "negative-timeout": ("SEND-TMO-4", ["zero", "error"]),
    "odd-timeout": ("SEND-TMO-4", ["error", "zero"]),
    "send-to-name": ("SEND-ARG-1", ["error", "accepted"]),
    "reader": ("MBOX-MAKE-2", ["nil", "creator"]),
    "default-size": ("MBOX-MAKE-3", [0]),
    "size-zero": ("MBOX-MAKE-3", ["error", "works", "one"]),
    "size-negative": ("MBOX-MAKE-3", ["error", "zero"]),
    "size-rounded": ("MBOX-MAKE-3", ["no", "power", "eights"]),
    "grow": ("MBOX-SIZE-1", ["one", "half", "double", "sixteen"]),
    "shrink": ("MBOX-SIZE-2", ["no", "to-made", "to-one"]),
    "size-tells": ("MBOX-SIZE-2", ["all", "room"]),
    "send-value": ("MBOX-SEND-3", ["t", "nil", "object", "int"]),
    "wait-function-at-entry": ("MBOX-LIM-7", ["after-room", "first"]),
    "no-mailbox": ("MBOX-ARG-1", ["error", "nil", "int"]),
    "event-mailbox": ("EVENT-PWE-3", ["error", "honoured"]),
    "event-wait-function": ("EVENT-MWE-4", ["adds", "decides"]),
    "handled-value": ("EVENT-GHE-7", ["handlers", "nil", "int"]),
    "odd-event": ("EVENT-WPE-2", ["handled", "ignored"]),
}


def read(text):
    """The settings of C; a name or value that isn't there is an error that names those that are."""
    settings = {}
    for setting in filter(None, text.split(",")):
        name, _, value = setting.partition("=")
        if name not in CHOICES:
            raise SystemExit("C: there is no choice %r; there are %s" % (name, ", ".join(CHOICES)))
        allowed = CHOICES[name][1]
        for one in value.split("|"):
            if not (one.isdigit() if isinstance(allowed[0], int) else one in allowed):
                raise SystemExit("C: %s takes %s, not %r" % (name, ", ".join(map(str, allowed)), one))
        settings[name] = value.split("|")
    return settings


SETTINGS = read(os.environ.get("C", ""))


def chosen(name):
    """The value of a choice, for this occurrence."""
    values = SETTINGS.get(name)
    if values is None:
        return CHOICES[name][1][0]
    value = random.choice(values)
    return int(value) if isinstance(CHOICES[name][1][0], int) else value


def upto(name):
    """A time in seconds, at most the milliseconds of the choice."""
    return random.random() * chosen(name) / 1000


def in_turn(name, items):
    """The items in the order of their turns."""
    items, turn = list(items), chosen(name)
    if turn == "newest":
        items.reverse()
    elif turn == "any":
        random.shuffle(items)
    return items
