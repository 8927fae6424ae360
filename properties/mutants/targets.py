"""Which functions are mutated: those that a person wrote to differentiate, and what they call of their own."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np

from backproof.engine.errors import SpecError
from backproof.engine.subjects import Subject

from .source import node_of, place_of, source_of
from .syntax import mutable


@dataclass(frozen=True)
class Target:
    """A function to be mutated, and the subjects whose derivatives it is part of, its own first.

    ``options``: parameters that are no arrays. ``is_main``: it is what a subject was written in, no helper.
    ``is_rule``: it returns linear maps. ``returns``: it returns cotangents, where nothing inside of it does.
    """

    name: str
    function: FunctionType
    subjects: tuple[Subject, ...]
    options: frozenset[str]
    is_main: bool
    is_rule: bool
    returns: bool

    @property
    def numpy(self) -> str:
        """What the function's module calls NumPy; nothing if it does not."""
        return next((name for name, value in self.function.__globals__.items() if value is np), "")


def targets_of(subjects: Sequence[Subject]) -> tuple[list[Target], dict[str, str]]:
    """The functions behind some subjects, and why there is none behind the others."""
    targets: dict[FunctionType, Target] = {}
    left_out: dict[str, str] = {}
    for subject in subjects:
        function = plain(subject.written_in)
        if function is None:
            left_out[subject.name] = "no function written in Python is behind it"
        elif subject.written_in is subject.forward:
            left_out[subject.name] = "the tape derives its pullback: nothing is written by hand"
        else:
            _add(targets, _main(function, subject))
    for target in list(targets.values()):
        for helper in _reached(target.function):
            if helper not in targets or not targets[helper].is_main:
                helping = replace(target, name=called(helper), function=helper, is_main=False, is_rule=False)
                _add(targets, replace(helping, returns=False))
            else:
                _add(targets, replace(targets[helper], subjects=target.subjects))
    return list(targets.values()), left_out


def _add(targets: dict[FunctionType, Target], target: Target) -> None:
    known = targets.setdefault(target.function, target)
    names = {subject.name for subject in known.subjects}
    more = tuple(subject for subject in target.subjects if subject.name not in names)
    targets[target.function] = replace(known, subjects=known.subjects + more)


def _main(function: FunctionType, subject: Subject) -> Target:
    is_engines = not subject.code  # a derivative rule, or a linear map
    is_rule = is_engines and not isinstance(subject.forward, FunctionType)
    return Target(
        name=called(function),
        function=function,
        subjects=(subject,),
        options=frozenset(subject.options),
        is_main=True,
        is_rule=is_rule,
        returns=not is_engines,
    )


def called(function: FunctionType) -> str:
    """What reports call a function: its module and its name."""
    module = (function.__module__ or "").removeprefix("backproof.").removeprefix("_backproof_target_")
    return f"{module}.{function.__qualname__}"


def plain(function: Callable[..., Any] | None) -> FunctionType | None:
    """The function written in Python behind something that can be called; None where there is none."""
    while isinstance(function, functools.partial):
        function = function.func
    if function is None:
        return None
    function = inspect.unwrap(getattr(function, "__func__", function))
    if not isinstance(function, FunctionType) and not isinstance(function, type):
        function = getattr(type(function).__call__, "__func__", type(function).__call__)
    return function if isinstance(function, FunctionType) else None


def _reached(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of the same package that a function calls by name, and so on."""
    package = function.__module__.partition(".")[0]
    waiting = [function]
    for caller in waiting:
        for value in _named(caller):
            found = plain(value) if isinstance(value, FunctionType) else None
            if found is not None and found not in waiting and (found.__module__ or "").partition(".")[0] == package:
                waiting.append(found)
    yield from waiting[1:]


def _named(function: FunctionType) -> Iterator[Any]:
    """What the names in a function's mathematics stand for, methods of its own object included."""
    try:
        node = node_of(ast.parse(source_of(function)), place_of(function))
    except SpecError:
        return
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    kind: Any = None
    for part in function.__qualname__.split(".")[:-1]:
        kind = getattr(kind, part, None) if kind is not None else known.get(part)
    for name in mutable(node):
        if isinstance(name, ast.Name):
            yield known.get(name.id)
        elif isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name) and name.value.id == "self":
            yield getattr(kind, name.attr, None)
