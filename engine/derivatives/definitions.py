"""Functions that are defined by others: the chain rule differentiates them, through their definitions in plain NumPy.

A definition has NumPy's parameters, and is what a traced array records instead of the function. Its subject holds
the derivative of the definition against differences of NumPy's own function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..domains import Domain
from ..options import Option

Function = Callable[..., Any]


@dataclass(frozen=True)
class Definition:
    """A function in terms of others, and how to draw points on which it is verified.

    ``call(function, *arrays, **options)`` calls the function as NumPy wants it called.
    """

    function: Function
    define: Function
    call: Function
    signatures: tuple[str, ...]
    domain: Mapping[str, Domain]
    options: Mapping[str, Option]

    @property
    def name(self) -> str:
        """The definition's name."""
        return self.define.__name__


DEFINITIONS: dict[Function, Definition] = {}


def defined_as(
    function: Function,
    *signatures: str,
    call: Function | None = None,
    domain: Mapping[str, Domain] | None = None,
    options: Mapping[str, Option] | None = None,
) -> Callable[[Function], Function]:
    """Register a definition of ``function``, verified on each signature (whose arrays are called a, b, c)."""

    def register(define: Function) -> Function:
        DEFINITIONS[function] = Definition(
            function, define, call or one_by_one, signatures, domain or {}, options or {}
        )
        return define

    return register


def one_by_one(function: Function, *arrays: Any, **options: Any) -> Any:
    """``function(a, b)``"""
    return function(*arrays, **options)


def in_a_list(function: Function, *arrays: Any, **options: Any) -> Any:
    """``function([a, b])``"""
    return function(list(arrays), **options)


def first_of(function: Function, *arrays: Any, **options: Any) -> Any:
    """``function(a)[0]``"""
    return function(*arrays, **options)[0]


def last_of(function: Function, *arrays: Any, **options: Any) -> Any:
    """``function(a)[-1]``"""
    return function(*arrays, **options)[-1]
