# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Values on the wire, and the names of objects: docs/protocol.md."""

from fractions import Fraction

from .values import LARGE, Char, Dotted, Keyword, Pathname, Real, Symbol, type_error


TYPES = {}  # what the references of a class say: without, its name in lower case


def type_of(thing):
    kind = getattr(thing, "kind", None)
    return kind or next((name for known, name in TYPES.items() if isinstance(thing, known)), type(thing).__name__.lower())


class Names:
    """The references of one system. Whoever meets an object first names it; it has one name and keeps it."""

    def __init__(self, lock, function):
        """function makes the function of a callback's number."""
        self.lock, self.function = lock, function
        self.objects, self.references, self.code = {}, {}, {}

    def reference(self, thing):
        with self.lock:
            found = self.references.get(id(thing))
            if found is None:
                kind = type_of(thing)
                found = {"ref": "%s-%d" % (kind, len(self.objects) + 1), "type": kind}
                self.objects[found["ref"]] = thing  # kept, so that its id is nobody else's
                self.references[id(thing)] = found
            return found

    def encode(self, value):
        """A value as it is written."""
        if value is None or value is True or isinstance(value, str):
            return value
        if value is False:
            return None
        if isinstance(value, int):
            return value if -LARGE < value < LARGE else {"int": str(value)}
        if isinstance(value, Real):
            return {value.kind: value.text}
        if isinstance(value, float):
            return {"double": {"inf": "+inf"}.get(repr(value), repr(value))}
        if isinstance(value, Fraction):
            return {"ratio": "%d/%d" % value.as_integer_ratio()} if value.denominator != 1 else self.encode(value.numerator)
        if isinstance(value, (list, tuple)):
            return [self.encode(item) for item in value] or None
        if isinstance(value, Dotted):
            return {"dotted": [self.encode(item) for item in value.items]}
        if isinstance(value, Keyword):
            return {"key": value.name}
        if isinstance(value, Symbol):
            return {"sym": value.name} if value.package is None else {"sym": value.name, "pkg": value.package}
        if isinstance(value, Char):
            return {"char": value.text}
        if isinstance(value, Pathname):
            return {"path": value.name}
        return self.reference(value)

    def decode(self, value):
        """A value that was read: literals are fresh each time, a reference is its object."""
        if isinstance(value, list):
            return [self.decode(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "ref" in value:
            if value["ref"] not in self.objects:
                raise type_error(value, "object of this system")
            return self.objects[value["ref"]]
        if "callback" in value:
            with self.lock:
                number = value["callback"]
                if number not in self.code:
                    self.code[number] = self.function(number)
                return self.code[number]
        if "sym" in value:
            return Symbol(value["sym"], value.get("pkg"))
        if "dotted" in value:
            return Dotted(tuple(self.decode(item) for item in value["dotted"]))
        (kind, text), = value.items()
        if kind in ("single", "double"):
            return Real(kind, text)
        made = {"key": Keyword, "int": int, "ratio": Fraction, "char": Char, "path": Pathname}.get(kind)
        if made is None:
            raise type_error(value, "value")
        return made(text)
