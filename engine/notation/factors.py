"""How linear maps are written: ``[A.T @ . @ C.T]``, ``[* mask]``, ``[sum over axis 0]``, joined by ``o``.

A notation is a sequence of factors, the one applied last first. Composing two notations joins them and
simplifies where they meet: ``[A @ .] o [. @ C]`` is ``[A @ . @ C]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import brackets, texts
from .naming import core_of, text_of


@dataclass(frozen=True)
class Sandwich:
    """Matrix products from the left and from the right: ``[A @ . @ C]``."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    sign: str = ""

    def __str__(self) -> str:
        return f"[{self.sign}{' @ '.join((*self.left, '.', *self.right))}]"


@dataclass(frozen=True)
class Scaling:
    """An elementwise product, ``[* mask]``, or quotient, ``[/ x]``."""

    factor: str

    def __str__(self) -> str:
        one, *divided = brackets.parts(self.factor, brackets.PRODUCT)
        if one != "1" or not divided or set(divided[::2]) != {"/"}:
            return f"[* {brackets.grouped(self.factor)}]"
        return f"[/ {divided[1]}]" if len(divided) == 2 else f"[/ ({' * '.join(divided[:0:-2])})]"


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
TRANSPOSE = Named("transpose", undoes="transpose")


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
        outer, inner = compose(outer[:-1], meeting), inner[1:]
    return outer + inner


def add(one: Notation, other: Notation) -> Notation:
    """The notation of the sum of two maps."""
    return (Sum((*_terms(one), *_terms(other))),)


def _terms(notation: Notation) -> tuple[Notation, ...]:
    return notation[0].terms if len(notation) == 1 and isinstance(notation[0], Sum) else (notation,)


def _meet(outer: Factor, inner: Factor) -> Notation | None:
    if isinstance(outer, Sandwich) and isinstance(inner, Sandwich):
        sign = "-" if outer.sign != inner.sign else ""
        return (Sandwich(outer.left + inner.left, inner.right + outer.right, sign),)
    if isinstance(outer, Scaling) and isinstance(inner, Scaling):
        product = texts.product(inner.factor, outer.factor)
        return () if product == "1" else (Scaling(product),)
    if isinstance(outer, Scaling) and isinstance(inner, Sandwich) and outer.factor == "-1":
        return (Sandwich(inner.left, inner.right, "" if inner.sign else "-"),)
    if isinstance(outer, Sandwich) and isinstance(inner, Scaling) and inner.factor == "-1":
        return (Sandwich(outer.left, outer.right, "" if outer.sign else "-"),)
    if isinstance(outer, Named) and isinstance(inner, Named) and outer.undoes == inner.words:
        return ()
    return None


def left(matrix: Any) -> Notation:
    """``[A @ .]``"""
    return (Sandwich(left=tuple(texts.matrices(text_of(matrix)))),)


def right(matrix: Any) -> Notation:
    """``[. @ B]``"""
    return (Sandwich(right=tuple(texts.matrices(text_of(matrix)))),)


def scaling(factor: Any) -> Notation:
    """``[* s]``"""
    text = core_of(factor)
    return () if text == "1" else (Scaling(text),)


def division(divisor: Any) -> Notation:
    """``[/ s]``"""
    return (Scaling(texts.quotient("1", core_of(divisor))),)


def named(words: str, undoes: str = "") -> Notation:
    """``[words]``"""
    return (Named(words, undoes),)


def reshaping(shape: tuple[int, ...], to: tuple[int, ...]) -> Notation:
    """``[reshape (2, 6) to (3, 4)]``; a vector is a column, and becomes a row by ``[transpose]``."""
    turned = turning(shape, to)
    if turned is None:
        return named(f"reshape {shape} to {to}", undoes=f"reshape {to} to {shape}")
    return (TRANSPOSE,) if turned else ()


def turning(shape: tuple[int, ...], to: tuple[int, ...]) -> bool | None:
    """Whether a vector or matrix is transposed where it gets another shape; None where it is neither before or after.

    A vector is a column.
    """
    if max(len(shape), len(to)) > 2:
        return False if shape == to else None
    before, after = (part if len(part) == 2 else (*part, 1, 1)[:2] for part in (shape, to))
    if before == after:
        return False
    return True if before == after[::-1] and 1 in before else None
