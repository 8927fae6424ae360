"""Rebinding: while code under test runs extended, the names it knows NumPy by lead to the twins.

NumPy itself is never patched: its C code would write into object buffers, and the process would die. Instead
a walk starts at the functions under test and goes through their globals, closures, defaults, and the functions,
classes, objects and tables of user modules that these name; whatever *is* NumPy, math, one of their functions,
one of a few builtins, or a float array is replaced in place, and everything is put back at the end: what the
run left in objects, lists and dicts too.
"""

from __future__ import annotations

import functools
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..array import extended
from .table import SHADOWED, twin_of

MOST_ELEMENTS = 4096  # of an array that is lifted because a name leads to it; a dataset stays what it is

_ENGINE = str(Path(__file__).parents[2])
_LAYERS = (f"{_ENGINE}/layers", f"{_ENGINE}/losses")
_INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_SITES = frozenset(["site-packages", "dist-packages"])  # of the user, of the system, of an environment further down
_NEVER = frozenset(["numpy", "flint", "mpmath"])  # what the twins themselves are made of
_CACHED = type(functools.lru_cache(lambda: None))


@dataclass
class _Walk:
    """What a walk has found: how to put the twins in place, and how to put everything back."""

    packages: frozenset[str]
    seen: set[int] = field(default_factory=set)
    arrays: dict[int, Any] = field(default_factory=dict)
    put: list[Callable[[], None]] = field(default_factory=list)
    undo: list[Callable[[], None]] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)  # alive as long as their ids are compared

    def is_new(self, thing: Any) -> bool:
        """Whether a thing has not been met before."""
        if id(thing) in self.seen:
            return False
        self.seen.add(id(thing))
        self.kept.append(thing)
        return True


_walks: ContextVar[tuple[_Walk, ...]] = ContextVar("backproof_rebound", default=())


@contextmanager
def rebound(*functions: Any) -> Iterator[None]:
    """Until the block ends, let the names that these functions use lead to extended twins.

    Must stand inside `computing`, whose lock keeps other threads out.
    """
    walk = _Walk(frozenset(filter(None, map(_package, functions))))
    for function in functions:
        _visit(walk, function)
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


def _package(function: Any) -> str:
    """The package that a person's code belongs to: what it imports from there is theirs as well."""
    home = getattr(function, "__module__", None) or ""
    top = home.partition(".")[0]
    return home.rpartition(".")[0] if top == "backproof" else top


def _is_users(walk: _Walk, home: str | None, file: str = "") -> bool:
    """Whether a module was written by a user: it belongs to the code under test, or is not installed."""
    module = sys.modules.get(home or "")
    file = getattr(module, "__file__", None) or file
    if file.startswith(_ENGINE):
        return file.startswith(_LAYERS)
    if (home or "").partition(".")[0] in _NEVER:
        return False
    if any(home == package or (home or "").startswith(package + ".") for package in walk.packages):
        return True
    if (home or "").startswith("backproof."):
        return False
    is_installed = file.startswith((*_INSTALLED, "<")) or not _SITES.isdisjoint(Path(file).parts)
    return bool(file) and not is_installed


def _visit(walk: _Walk, thing: Any) -> None:
    """Walk on from something that names may stand behind."""
    if not walk.is_new(thing):
        return
    if isinstance(thing, MethodType):
        _visit(walk, thing.__func__)
        _visit(walk, thing.__self__)
    elif isinstance(thing, _CACHED):
        _visit(walk, thing.__wrapped__)
    elif isinstance(thing, functools.partial):
        _visit(walk, thing.func)
    elif isinstance(thing, FunctionType):
        if _is_users(walk, thing.__module__, thing.__code__.co_filename):
            _visit_function(walk, thing)
    elif isinstance(thing, type):
        if _is_users(walk, thing.__module__):
            for base in thing.__mro__:
                if base is not object and _is_users(walk, base.__module__):
                    _visit_class(walk, base)
    elif isinstance(thing, dict):
        _visit_dict(walk, thing)
    elif isinstance(thing, list):
        _visit_list(walk, thing)
    elif isinstance(thing, tuple):
        for part in thing:
            _visit(walk, part)
    elif isinstance(thing, property):
        for function in (thing.fget, thing.fset):
            _visit(walk, function)
    elif isinstance(thing, staticmethod | classmethod):
        _visit(walk, thing.__func__)
    elif not isinstance(thing, ModuleType) and hasattr(thing, "__dict__") and _is_users(walk, type(thing).__module__):
        _visit(walk, type(thing))
        _visit_dict(walk, vars(thing))


def _visit_function(walk: _Walk, function: FunctionType) -> None:
    namespace = function.__globals__
    if walk.is_new(namespace):
        _shadow(walk, namespace)
        for name, value in list(namespace.items()):
            if not name.startswith("__"):
                _replace(walk, value, _in_dict(namespace, name))
                _visit(walk, value)
    for cell in function.__closure__ or ():
        if walk.is_new(cell) and _is_filled(cell):
            value = cell.cell_contents
            _replace(walk, value, functools.partial(setattr, cell, "cell_contents"))
            _visit(walk, value)
    if function.__defaults__:
        _replace(walk, function.__defaults__, lambda new: setattr(function, "__defaults__", new))
        _visit(walk, function.__defaults__)
    if function.__kwdefaults__:
        _visit(walk, function.__kwdefaults__)
    wrapped = getattr(function, "__wrapped__", None)
    if wrapped is not None:
        _visit(walk, wrapped)


def _visit_class(walk: _Walk, kind: type) -> None:
    for name, value in list(vars(kind).items()):
        if not name.startswith("__") or callable(value):
            if not isinstance(value, FunctionType | property | staticmethod | classmethod | type):
                _replace(walk, value, functools.partial(setattr, kind, name))
            _visit(walk, value)


def _visit_dict(walk: _Walk, table: dict[Any, Any]) -> None:
    before = dict(table)

    def restore() -> None:
        table.clear()
        table.update(before)

    walk.undo.append(restore)
    for key, value in before.items():
        _replace(walk, value, _in_dict(table, key), undoes=False)
        _visit(walk, value)


def _visit_list(walk: _Walk, items: list[Any]) -> None:
    before = list(items)
    walk.undo.append(lambda: items.__setitem__(slice(None), before))
    for position, value in enumerate(before):
        _replace(walk, value, functools.partial(items.__setitem__, position), undoes=False)
        _visit(walk, value)


def _in_dict(table: dict[Any, Any], key: Any) -> Callable[[Any], None]:
    return lambda value: table.__setitem__(key, value)


def _replace(walk: _Walk, value: Any, write: Callable[[Any], None], undoes: bool = True) -> None:
    """Note that a value is to be replaced by its twin, if it has one; ``undoes``: that it must be put back."""
    twin = _substitute(walk, value)
    if twin is not value:
        walk.put.append(lambda: write(twin))
        if undoes:
            walk.undo.append(lambda: write(value))


def _substitute(walk: _Walk, value: Any) -> Any:
    if type(value) is np.ndarray:
        if value.dtype.kind != "f" or value.size > MOST_ELEMENTS:
            return value
        if id(value) not in walk.arrays:
            walk.arrays[id(value)] = extended(value)
            walk.kept.append(value)
        return walk.arrays[id(value)]
    if type(value) is tuple:
        parts = tuple(_substitute(walk, part) for part in value)
        return parts if any(one is not other for one, other in zip(parts, value, strict=True)) else value
    if isinstance(value, functools.partial):
        function, *given = (_substitute(walk, part) for part in (value.func, *value.args))
        return functools.partial(function, *given, **value.keywords)
    if isinstance(value, _CACHED):
        return value.__wrapped__  # or it would keep numbers of one arithmetic for the next
    return value if isinstance(value, FunctionType | str | int | float) and not _is_numpys(value) else twin_of(value)


def _is_numpys(value: Any) -> bool:
    return isinstance(value, FunctionType) and (value.__module__ or "").startswith(("numpy", "scipy"))


def _shadow(walk: _Walk, namespace: dict[str, Any]) -> None:
    """Let a module find the twins of builtins among its own globals."""
    for name, twin in SHADOWED.items():
        if name not in namespace:
            walk.put.append(functools.partial(namespace.__setitem__, name, twin))
            walk.undo.append(functools.partial(namespace.pop, name, None))


def _is_filled(cell: CellType) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
