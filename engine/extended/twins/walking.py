"""The walk from functions under test to everything that their names lead to, and what is to be replaced on the way."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..array import extended
from .homes import is_users
from .table import SHADOWED, twin_of

MOST_ELEMENTS = 4096  # of an array that is lifted because a name leads to it; a dataset stays what it is

_LOOKS_UP_BY_STRINGS = frozenset(
    ["eval", "exec", "globals", "vars", "getattr", "import_module", "__import__", "__dict__"]
)
_CACHED = type(functools.lru_cache(lambda: None))


@dataclass
class Walk:
    """What a walk has found: how to put the twins in place, and how to put everything back."""

    packages: frozenset[str]
    seen: set[int] = field(default_factory=set)
    names: dict[int, set[str]] = field(default_factory=dict)  # met, by namespace
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


def visit(walk: Walk, thing: Any) -> None:
    """Walk on from something that names may stand behind."""
    if not walk.is_new(thing):
        return
    if isinstance(thing, MethodType):
        visit(walk, thing.__func__)
        visit(walk, thing.__self__)
    elif isinstance(thing, _CACHED):
        visit(walk, thing.__wrapped__)
    elif isinstance(thing, functools.partial):
        visit(walk, thing.func)
    elif isinstance(thing, FunctionType):
        if is_users(walk.packages, thing.__module__, thing.__code__.co_filename):
            _visit_function(walk, thing)
    elif isinstance(thing, type):
        if is_users(walk.packages, thing.__module__):
            for base in thing.__mro__:
                if base is not object and is_users(walk.packages, base.__module__):
                    _visit_class(walk, base)
    elif isinstance(thing, dict):
        _visit_dict(walk, thing)
    elif isinstance(thing, list):
        _visit_list(walk, thing)
    elif isinstance(thing, tuple):
        for part in thing:
            visit(walk, part)
    elif isinstance(thing, property):
        for function in (thing.fget, thing.fset):
            visit(walk, function)
    elif isinstance(thing, staticmethod | classmethod):
        visit(walk, thing.__func__)
    elif (
        not isinstance(thing, ModuleType)
        and hasattr(thing, "__dict__")
        and is_users(walk.packages, type(thing).__module__)
    ):
        visit(walk, type(thing))
        _visit_dict(walk, vars(thing))


def _visit_function(walk: Walk, function: FunctionType) -> None:
    namespace = function.__globals__
    if walk.is_new(namespace):
        _shadow(walk, namespace)
    used = _names_in(function.__code__)
    _visit_names(walk, namespace, used)
    for cell in function.__closure__ or ():
        if walk.is_new(cell) and _is_filled(cell):
            value = cell.cell_contents
            _replace(walk, value, functools.partial(setattr, cell, "cell_contents"))
            _visit_used(walk, value, used)
    if function.__defaults__:
        _replace(walk, function.__defaults__, lambda new: setattr(function, "__defaults__", new))
        visit(walk, function.__defaults__)
    if function.__kwdefaults__:
        visit(walk, function.__kwdefaults__)
    wrapped = getattr(function, "__wrapped__", None)
    if wrapped is not None:
        visit(walk, wrapped)


def _visit_names(walk: Walk, namespace: dict[str, Any], used: frozenset[str]) -> None:
    """Walk on from those globals that code uses: a module may hold a thousand others."""
    met = walk.names.setdefault(id(namespace), set())
    names = namespace.keys() if used & _LOOKS_UP_BY_STRINGS else used & namespace.keys()
    for name in sorted(names - met):
        met.add(name)
        if not name.startswith("__"):
            value = namespace[name]
            _replace(walk, value, _in_dict(namespace, name))
            _visit_used(walk, value, used)


def _visit_used(walk: Walk, value: Any, used: frozenset[str]) -> None:
    """Walk on from a value of a global or of a closure: of a user's module, from what the same code names."""
    visit(walk, value)
    if isinstance(value, ModuleType) and twin_of(value) is value and is_users(walk.packages, value.__name__):
        _visit_names(walk, vars(value), used)


@functools.cache
def _names_in(code: CodeType) -> frozenset[str]:
    """The globals and attributes that a function's code names, with those of the functions inside it."""
    inside = (_names_in(part) for part in code.co_consts if isinstance(part, CodeType))
    return frozenset(code.co_names).union(*inside)


def _visit_class(walk: Walk, kind: type) -> None:
    for name, value in list(vars(kind).items()):
        if not name.startswith("__") or callable(value):
            if not isinstance(value, FunctionType | property | staticmethod | classmethod | type):
                _replace(walk, value, functools.partial(setattr, kind, name))
            visit(walk, value)


def _visit_dict(walk: Walk, table: dict[Any, Any]) -> None:
    before = dict(table)

    def restore() -> None:
        table.clear()
        table.update(before)

    walk.undo.append(restore)
    for key, value in before.items():
        _replace(walk, value, _in_dict(table, key), undoes=False)
        visit(walk, value)


def _visit_list(walk: Walk, items: list[Any]) -> None:
    before = list(items)
    walk.undo.append(lambda: items.__setitem__(slice(None), before))
    for position, value in enumerate(before):
        _replace(walk, value, functools.partial(items.__setitem__, position), undoes=False)
        visit(walk, value)


def _in_dict(table: dict[Any, Any], key: Any) -> Callable[[Any], None]:
    return lambda value: table.__setitem__(key, value)


def _replace(walk: Walk, value: Any, write: Callable[[Any], None], undoes: bool = True) -> None:
    """Note that a value is to be replaced by its twin, if it has one; ``undoes``: that it must be put back."""
    twin = _substitute(walk, value)
    if twin is not value:
        walk.put.append(lambda: write(twin))
        if undoes:
            walk.undo.append(lambda: write(value))


def _substitute(walk: Walk, value: Any) -> Any:
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


def _shadow(walk: Walk, namespace: dict[str, Any]) -> None:
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
