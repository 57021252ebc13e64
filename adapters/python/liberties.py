#!/usr/bin/env python3
# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""Lisp-style processes in Python, written from the clauses alone, as an adapter for mpcheck.

It decides what the documents leave open by its environment (choices.py), so that one program is many
implementations that are all right:

    C=unwinding=after-cleanups,tell-ms=5 mpcheck run -- python3 adapters/python/liberties.py

sets.txt has sets of choices; make strangers judges it with each.
"""

import cleanups  # noqa: F401 - these enter their operations
import events  # noqa: F401
import processes  # noqa: F401
import sends  # noqa: F401
from late import LateWriter
from mpcheck_kit import serve
from world import World

PROFILE = ["allegro-6", "allegro-7+", "posix-waitpid", "lispworks-4", "lispworks-6", "lispworks-7", "lispworks-8"]

serve("python-liberties", "1", PROFILE, World, capabilities=["core", "posix"], writer=LateWriter)
