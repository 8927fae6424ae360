"""Rebinding: while code under test runs extended, the names it knows NumPy by lead to the twins.

NumPy itself is never patched: its C code would write into object buffers, and the process would die. Instead
a walk starts at the functions under test and goes through the globals they use, closures, defaults, and the functions,
classes, objects and tables of user modules that these name; whatever *is* NumPy, math, one of their functions,
one of a few builtins, or a float array is replaced in place, and everything is put back at the end: what the
run left in objects, lists and dicts too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .homes import package_of
from .walking import Walk, visit

_walks: ContextVar[tuple[Walk, ...]] = ContextVar("backproof_rebound", default=())


@contextmanager
def rebound(*functions: Any) -> Iterator[None]:
    """Until the block ends, let the names that these functions use lead to extended twins.

    Must stand inside `computing`, whose lock keeps other threads out.
    """
    walk = Walk(frozenset(filter(None, map(package_of, functions))))
    for function in functions:
        visit(walk, function)
    token = _walks.set((*_walks.get(), walk))
    for put in walk.put:
        put()
    try:
        yield
    finally:
        _walks.reset(token)
        for undo in reversed(walk.undo):
            undo()


@contextmanager
def released() -> Iterator[None]:
    """Inside `rebound`, let the names lead to NumPy again until the block ends: for a run on floats."""
    walks = _walks.get()
    for walk in reversed(walks):
        for undo in reversed(walk.undo):
            undo()
    try:
        yield
    finally:
        for walk in walks:
            for put in walk.put:
                put()
