# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Lisp's values as Python has them.

| Lisp | here |
|---|---|
| nil, t | None (False too, on the way out), True |
| integers, ratios, strings | int, Fraction, str |
| proper lists | list; the empty one is nil |
| dotted lists, floats, characters, symbols, keywords, pathnames | Dotted, Real, Char, Symbol, Keyword, Pathname |
| conses and strings that have identity | Cons, Text |
| what else has identity | the object itself: names.py gives it its reference |
"""

import dataclasses
from fractions import Fraction

# Integers from here on, in both directions from zero, are written as texts.
LARGE = 1 << 53


@dataclasses.dataclass(frozen=True)
class Symbol:
    name: str
    package: str = None


@dataclasses.dataclass(frozen=True)
class Keyword:
    name: str


@dataclasses.dataclass(frozen=True)
class Char:
    text: str


@dataclasses.dataclass(frozen=True)
class Pathname:
    name: str


@dataclasses.dataclass(frozen=True)
class Dotted:
    """A list whose last cdr is no list: that is the last of its items."""
    items: tuple


class Real(float):
    """A float, of the kind "single" or "double", which keeps the text that it came as."""

    def __new__(cls, kind, text):
        self = super().__new__(cls, {"+inf": "inf"}.get(text, text))
        self.kind, self.text = kind, text
        return self


class Cons:
    """A cons that new made."""

    def __init__(self, car=None, cdr=None):
        self.car, self.cdr = car, cdr


class Text:
    """A string that new made."""

    def __init__(self, text=""):
        self.text = text


class Datum:
    """Any other object that new made: a structure, a vector, a hash table..."""

    def __init__(self, kind, parts):
        self.kind, self.parts = kind, parts


class Condition(Exception):
    """An error that an operation signals.

    A continuable one has the restart continue while handlers run; the operation then returns the value continued."""

    def __init__(self, kind, message, continuable=False, continued=None):
        super().__init__(message)
        self.kind, self.message, self.continuable, self.continued = kind, message, continuable, continued


def type_error(value, wanted):
    return Condition("type-error", "%r is no %s" % (value, wanted))


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def integer(value, wanted="integer"):
    if not is_integer(value):
        raise type_error(value, wanted)
    return value


def real(value, wanted="real number"):
    """The number that a value is; an integer or ratio exactly."""
    if is_integer(value) or isinstance(value, Fraction):
        return value
    if isinstance(value, float) and value == value:
        return float(value)
    raise type_error(value, wanted)


def seconds(value):
    """A time-out as Python has them: None for none, and no time that has passed."""
    return None if value is None else min(max(0.0, float(real(value, "time"))), 1e6)


def text_of(value):
    """The text of a string, one that new made too; else None."""
    if isinstance(value, Text):
        return value.text
    return value if isinstance(value, str) else None


def keyword(value):
    """The name of a keyword; else None."""
    return value.name if isinstance(value, Keyword) else None


def chain(value):
    """The elements of a list and what its last cdr is; conses that new made are looked into."""
    found = []
    while isinstance(value, Cons):
        found.append(value.car)
        value = value.cdr
    if isinstance(value, list):
        return found + value, None
    if isinstance(value, Dotted):
        return found + list(value.items[:-1]), value.items[-1]
    return found, value


def elements(value):
    """The elements of a proper list, nil's too; None of what is none."""
    found, tail = chain(value)
    return found if tail is None else None


def shape(value):
    """What two values have in common that are equal, as Common Lisp's equal has it."""
    found, tail = chain(value)
    if found:
        return ("list", tuple(map(shape, found)), shape(tail))
    if text_of(value) is not None:
        return ("string", text_of(value))
    if value is None or value is False:
        return ("nil",)
    if isinstance(value, float):
        return (getattr(value, "kind", "double"), repr(float(value)))
    if isinstance(value, (bool, int, Fraction, Symbol, Keyword, Char, Pathname)):
        return (type(value).__name__, value)
    return ("object", id(value))


def equal(a, b):
    return shape(a) == shape(b)


def eq(a, b):
    """Whether two values are the same object; numbers and characters are by their value, lists and strings that were written
    down never."""
    if isinstance(a, (str, list, Dotted)) or isinstance(b, (str, list, Dotted)):
        return False
    if isinstance(a, (Cons, Text)):
        return a is b
    return equal(a, b)
