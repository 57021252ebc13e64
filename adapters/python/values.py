# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Lisp's values, in their JSON form: docs/protocol.md."""

import json
from fractions import Fraction


class Condition(Exception):
    """An error that an operation signals."""

    def __init__(self, kind, message, continuable=False):
        super().__init__(message)
        self.kind, self.message, self.continuable = kind, message, continuable


def type_error(value, wanted):
    return Condition("type-error", "%s is no %s" % (json.dumps(value), wanted))


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool) or isinstance(value, dict) and "int" in value


def integer(value, wanted="integer"):
    if not is_integer(value):
        raise type_error(value, wanted)
    return int(value["int"]) if isinstance(value, dict) else value


def real(value, wanted="real number"):
    """The number that a value is; an integer or ratio exactly."""
    if is_integer(value):
        return integer(value)
    if isinstance(value, dict):
        if "ratio" in value:
            return Fraction(value["ratio"])
        for kind in ("single", "double"):
            if kind in value and value[kind] != "nan":
                return float(value[kind])
    raise type_error(value, wanted)


def is_symbol(value):
    return isinstance(value, dict) and ("sym" in value or "key" in value)


def keyword(value):
    """The name of a keyword, else None."""
    return value.get("key") if isinstance(value, dict) else None


def shape(system, value):
    """What two values have in common that are equal, conses and strings made by new looked into."""
    if isinstance(value, dict):
        datum = system.datum(value)
        if datum and datum.kind == "cons":
            return ("cons", shape(system, datum.parts[0]), shape(system, datum.parts[1]))
        if datum and datum.kind == "string":
            return ("string", datum.parts[0])
        if "ref" in value:
            return ("object", value["ref"])
        if "dotted" in value:
            *items, tail = [shape(system, item) for item in value["dotted"]]
        else:
            return ("literal", json.dumps(value, sort_keys=True))
    elif isinstance(value, list):
        items, tail = [shape(system, item) for item in value], ("literal", "null")
    elif isinstance(value, str):
        return ("string", value)
    else:
        return ("literal", json.dumps(value))
    for item in reversed(items):
        tail = ("cons", item, tail)
    return tail


def lisp_list(items):
    """The empty list is nil."""
    return list(items) or None
