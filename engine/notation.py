"""How linear maps are written: ``[A.T @ . @ C.T]``, ``[* mask]``, ``[sum over axis 0]``, joined by ``o``.

A notation is a sequence of factors, the one applied last first. Composing two notations joins them and
simplifies where they meet: ``[A @ .] o [. @ C]`` is ``[A @ . @ C]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

_ATOM = re.compile(r"-?[\w.]+(e-\d+)?(\([^()]*\))?(\[[^\[\]]*\])?(\.T)*(\^-1)?")
_PRODUCT = re.compile(r"[\w.]+( @ [\w.]+)+")


@dataclass(frozen=True)
class Sandwich:
    """Matrix products from the left and from the right: ``[A @ . @ C]``."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"[{' @ '.join((*self.left, '.', *self.right))}]"


@dataclass(frozen=True)
class Scaling:
    """An elementwise product: ``[* mask]``."""

    factor: str

    def __str__(self) -> str:
        return f"[* {self.factor}]"


@dataclass(frozen=True)
class Named:
    """A map with a name of its own: ``[sum over axis 0]``; ``undoes`` names the map it is the inverse of."""

    words: str
    undoes: str = ""

    def __str__(self) -> str:
        return f"[{self.words}]"


@dataclass(frozen=True)
class Sum:
    """Several maps applied to the same thing, and added."""

    terms: tuple[Notation, ...]

    def __str__(self) -> str:
        return f"({' + '.join(written(term) for term in self.terms)})"


Factor = Sandwich | Scaling | Named | Sum
Notation = tuple[Factor, ...]


def written(notation: Notation) -> str:
    """The notation as text; the identity is ``[.]``."""
    text = " o ".join(str(factor) for factor in notation) or "[.]"
    return text[1:-1] if len(notation) == 1 and isinstance(notation[0], Sum) else text


def compose(outer: Notation, inner: Notation) -> Notation:
    """The notation of ``outer`` after ``inner``, simplified where the two meet."""
    while outer and inner:
        meeting = _meet(outer[-1], inner[0])
        if meeting is None:
            break
        outer, inner = (*outer[:-1], *meeting), inner[1:]
    return outer + inner


def add(one: Notation, other: Notation) -> Notation:
    """The notation of the sum of two maps."""
    return (Sum((*_terms(one), *_terms(other))),)


def _terms(notation: Notation) -> tuple[Notation, ...]:
    return notation[0].terms if len(notation) == 1 and isinstance(notation[0], Sum) else (notation,)


def _meet(outer: Factor, inner: Factor) -> Notation | None:
    if isinstance(outer, Sandwich) and isinstance(inner, Sandwich):
        return (Sandwich(outer.left + inner.left, inner.right + outer.right),)
    if isinstance(outer, Scaling) and isinstance(inner, Scaling) and "-1" in (outer.factor, inner.factor):
        rest = inner.factor if outer.factor == "-1" else outer.factor
        return () if rest == "-1" else (Scaling(f"-{grouped(rest)}"),)
    if isinstance(outer, Named) and isinstance(inner, Named) and outer.undoes == inner.words:
        return ()
    return None


@dataclass(frozen=True)
class Text:
    """Stands in for a value that is only written, never computed."""

    text: str


def left(matrix: Any) -> Notation:
    """``[A @ .]``"""
    return (Sandwich(left=_product(matrix)),)


def right(matrix: Any) -> Notation:
    """``[. @ B]``"""
    return (Sandwich(right=_product(matrix)),)


def _product(matrix: Any) -> tuple[str, ...]:
    """The matrices that a product is made of, or the one matrix."""
    text = text_of(matrix)
    return tuple(text.split(" @ ")) if _PRODUCT.fullmatch(text) else (operand(matrix),)


def scaling(factor: Any) -> Notation:
    """``[* s]``"""
    return (Scaling(operand(factor)),)


def named(words: str, undoes: str = "") -> Notation:
    """``[words]``"""
    return (Named(words, undoes),)


def text_of(value: Any) -> str:
    """How a value is written: its own text if it carries one, a number as it is, any other array as ``c``."""
    text = getattr(value, "text", None)
    if isinstance(text, str):
        return text
    if np.ndim(value) == 0:
        return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
    return "c"


def operand(value: Any) -> str:
    """The text of a value, in parentheses where a product would otherwise tear it apart."""
    return grouped(text_of(value))


def grouped(text: str) -> str:
    """The text, in parentheses unless it is a single name, number, call or attribute, or has them already."""
    return text if _ATOM.fullmatch(text) or _is_wrapped(text) else f"({text})"


def _is_wrapped(text: str) -> bool:
    depth = 0
    for position, character in enumerate(text.removeprefix("-")):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text.startswith(("(", "-(")) and position == len(text.removeprefix("-")) - 1
    return False


def transposed(text: str) -> str:
    """The text of a matrix's transpose; transposing twice changes nothing, and a product turns round."""
    if _PRODUCT.fullmatch(text):
        return " @ ".join(transposed(factor) for factor in reversed(text.split(" @ ")))
    return text[:-2] if text.endswith(".T") else f"{grouped(text)}.T"
