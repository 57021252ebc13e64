#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The portable layer mp, judged: an adapter for a host that has everything.

    mpcheck run -- python3 adapters/python/portable.py

Its operations are claimed as composed: what is judged is the layer, and nothing of Python. Its errors are Python's
exceptions; DeadProcess, which a caller may catch to go on, is what Lisp calls continuable.
"""

import functools

import mp
from mpcheck_kit import (
    Condition, Datum, HostSystem, Symbol, call_of, elements, function_of, has_mail, integer, keyword, names_function, of, operation,
    same_call, seconds, serve, system, text_of, wait_function)

composed = functools.partial(operation, claim="composed")
process_of, mailbox_of = of(mp.Process), of(mp.Mailbox)


class Portable(HostSystem):
    current, processes = staticmethod(mp.current_process), staticmethod(mp.processes)
    host_wait, look_again = staticmethod(mp.process_wait), staticmethod(mp.look_again)
    end, join = staticmethod(mp.Process.abandon), staticmethod(mp.Process.join)

    def start(self, run):
        mp.Process(run, name="test")

    def check(self):
        mp.current_process().check()


@composed("process-run-function", "priority", "mailbox")
def process_run_function(name, keywords, function, *args):
    given, text = elements(keywords) or [], text_of(name)
    keys = dict(zip(map(keyword, given[-2::-2]), given[::-2]))
    if text is None or len(given) % 2 or set(keys) - {"priority", "mailbox"}:
        raise Condition("program-error", "a name and keywords, not %r and %r" % (name, given))
    mailbox = keys.pop("mailbox", None)
    if mailbox is True or text_of(mailbox) is not None:
        mailbox = mp.Mailbox(name=text if mailbox is True else text_of(mailbox))
    return mp.Process(function_of(function), *args, name=text, mailbox=mailbox and mailbox_of(mailbox), **keys)


composed("process-kill")(lambda process: process_of(process).kill())
composed("current-process-kill")(lambda: mp.current_process().leave())
composed("process-join")(lambda process, timeout=None: process_of(process).join(seconds(timeout)))
composed("process-alive-p")(lambda process: process_of(process).alive)
composed("process-name")(lambda process: process_of(process).name)
composed("process-priority")(lambda process: process_of(process).priority)
composed("change-process-priority")(lambda process, priority:
                                    setattr(process_of(process), "priority", integer(priority)) or priority)
composed("get-current-process")(mp.current_process)
composed("list-all-processes")(mp.processes)
composed("processes-count")(lambda: len(mp.processes()))
composed("find-process-from-name")(lambda name: mp.find_process(text_of(name)))
composed("process-wait")(lambda reason, function: mp.process_wait(wait_function(function)))
composed("process-wait-with-timeout")(lambda reason, timeout, function:
                                      mp.process_wait(wait_function(function), seconds(timeout)))
composed("process-mailbox")(lambda process: process_of(process).mailbox)


@composed("set-process-mailbox")
def set_process_mailbox(process, mailbox):
    process_of(process).mailbox = mailbox and mailbox_of(mailbox)
    return mailbox


@composed("ensure-process-cleanup")
def ensure_process_cleanup(form, process=None, priority=0, force=None):
    return mp.ensure_cleanup(call_of(form), priority, force is not None, process and process_of(process), same=same_call)


composed("current-process-in-cleanup-p")(mp.current_process_in_cleanup)


@composed("process-send")
def process_send(process, thing, change_priority="default", limit=None, timeout=None, error_if_dead_p=None):
    if keyword(change_priority) == "default":
        change_priority = "default"
    try:
        return mp.send(process_of(process), thing, change_priority, limit, seconds(timeout), error_if_dead_p is not None)
    except mp.DeadProcess as error:
        raise Condition("dead-process", str(error), continuable=True)


composed("make-mailbox", "size", "name")(lambda size=None, name=None:
                                         mp.Mailbox(name=name) if size is None else mp.Mailbox(size, name))
composed("mailbox-send")(lambda mailbox, thing: mailbox_of(mailbox).send(thing))
composed("mailbox-send-limited")(lambda mailbox, thing, limit, timeout=None, reason=None, function=None, *args:
                                 mailbox_of(mailbox).send_limited(thing, limit, seconds(timeout), wait_function(function)))
composed("mailbox-read")(lambda mailbox, reason=None, timeout=None: mailbox_of(mailbox).read(seconds(timeout)))
composed("mailbox-peek")(lambda mailbox: mailbox_of(mailbox).peek())
composed("mailbox-wait")(lambda mailbox, reason=None, timeout=None: mailbox_of(mailbox).wait(seconds(timeout)))
composed("mailbox-count")(lambda mailbox: len(mailbox_of(mailbox)))
composed("mailbox-empty-p")(lambda mailbox: len(mailbox_of(mailbox)) == 0)
composed("mailbox-not-empty-p")(lambda mailbox: len(mailbox_of(mailbox)) > 0)
composed("mailbox-size")(lambda mailbox: mailbox_of(mailbox).size)
composed("mailbox-full-p")(lambda mailbox: mailbox_of(mailbox).full)
has_mail(lambda mailbox: len(mailbox_of(mailbox)) > 0)


def wait_for_event(mailbox, wait_function=None, no_hang_p=None, **others):
    return mp.wait_for_event(function_that_waits(wait_function), no_hang_p is not None, mailbox and mailbox_of(mailbox))


function_that_waits = wait_function
composed("process-wait-for-event", "wait-function", "no-hang-p")(functools.partial(wait_for_event, None))
composed("mailbox-wait-for-event")(wait_for_event)


def handle(event):
    """Lisp's lists, functions and symbols are calls; a symbol that names no function is none."""
    mp.handle_event(event if isinstance(event, Symbol) and not names_function(event) else call_of(event))


@mp.handle_event.register(Datum)
def handle_datum(event):
    system().own.get(event.kind, lambda event: None)(event)


composed("define-event-handler")(lambda kind, function: system().own.update({keyword(kind): function_of(function)}))
composed("general-handle-event")(handle)
composed("process-all-events")(lambda: mp.process_all_events(handle))
composed("wait-processing-events")(lambda timeout, wait_reason=None, wait_function=None, wait_args=None:
                                   mp.wait_processing_events(seconds(timeout), function_that_waits(wait_function), handle))

serve("portable-python", "1", ["lispworks-4", "lispworks-6", "lispworks-7", "lispworks-8"], Portable)
