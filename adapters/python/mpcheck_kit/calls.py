# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""What Lisp calls, as something that Python calls: cleanup forms and events."""

from .frames import Function, system
from .operations import function_of
from .values import Cons, Symbol, elements, equal


class Call:
    """A function, or a symbol that is to name one when it is called."""

    def __init__(self, head):
        self.head = head

    def __call__(self, *args):
        return function_of(self.head)(*args)


def call_of(value):
    """A function or symbol as a Call, a list that begins with one as a tuple that begins with a Call; anything else as it is."""
    items = elements(value) if isinstance(value, (list, Cons)) else None
    if items and isinstance(items[0], (Symbol, Function)):
        return (Call(items[0]), *items[1:])
    return Call(value) if isinstance(value, (Symbol, Function)) else value


def same_call(a, b):
    """Whether two that call_of made are equal in Lisp."""
    def said(form):
        return [form[0].head, *form[1:]] if isinstance(form, tuple) else form.head
    return equal(said(a), said(b))


def names_function(symbol):
    return symbol in system().functions
