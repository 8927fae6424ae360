"""Points: everything a property needs to know to judge a subject once."""

from __future__ import annotations

import copy
import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
from hypothesis import assume

from backproof.engine.domains import Custom, Labels
from backproof.engine.errors import SpecError
from backproof.engine.subjects import Subject, checked_vjp

from .numbers import numbers_of
from .options import values_of
from .shapes import Draw, draw_shapes
from .values import MODES, byte_strings, decode, decode_cotangent, jitters

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Point:
    """Arguments, options and a cotangent of the output; all floats are exact float64 values."""

    primals: tuple[Array, ...]
    options: Mapping[str, Any]
    cotangent: Array

    @property
    def fingerprint(self) -> int:
        """A number that depends on every bit of the point, and seeds the directions in which it is probed."""
        digest = hashlib.blake2b(digest_size=8)
        for array in (*self.primals, self.cotangent):
            digest.update(repr((array.shape, array.dtype.str)).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(repr(sorted(self.options.items())).encode())
        return int.from_bytes(digest.digest(), "big")


def points(subject: Subject) -> st.SearchStrategy[Point]:
    """Points of a subject; shrinks towards small shapes, then simple options, then small integers."""
    return _points(subject, numbers_of(subject))


@st.composite
def _points(draw: Draw, subject: Subject, numbers: tuple[float, ...]) -> Point:
    return draw_point(draw, subject, numbers)


def draw_point(draw: Draw, subject: Subject, numbers: tuple[float, ...] = ()) -> Point:
    """One point of a subject, some of it at ``numbers``.

    Raises SpecError where the subject does not fit its own description.
    """
    shapes, sizes = draw_shapes(draw, subject)
    # Copies: code that changes an option in place must change neither its declaration nor this point.
    options = {
        name: copy.deepcopy(draw(values_of(option, shapes, numbers))) for name, option in subject.options.items()
    }
    # What every point has comes first, so that a stack can lose a layer without disturbing it.
    drawn_cotangent = draw(byte_strings())
    jitter = draw(jitters())
    drawn = [draw(byte_strings()) for _ in subject.arguments]
    primals = tuple(
        _custom(draw, domain, name, shape)
        if isinstance(domain, Custom)
        else decode(domain, shape, part, jitter and jitter + MODES * number, _labels(domain, sizes), numbers)
        for number, (name, domain, shape, part) in enumerate(
            zip(subject.arguments, subject.domains, shapes, drawn, strict=True)
        )
    )
    output = _output(subject, primals, copy.deepcopy(options))
    cotangent = decode_cotangent(np.shape(output), drawn_cotangent, jitter and jitter + MODES * len(primals), numbers)
    return Point(primals, options, cotangent)


def _custom(draw: Draw, domain: Custom, name: str, shape: tuple[int, ...]) -> Array:
    """An array from a person's own strategy, held against what was asked of it."""
    own = domain.strategy
    strategy = hnp.arrays(np.float64, shape, elements=own) if isinstance(own, st.SearchStrategy) else own(shape)
    if not isinstance(strategy, st.SearchStrategy):
        raise SpecError(
            f"domain {name}=Custom(...) returned a {type(strategy).__name__} for shape {shape}, but should return a "
            "Hypothesis strategy. Write Custom(lambda shape: hnp.arrays(float, shape))."
        )
    drawn = np.asarray(draw(strategy))
    if drawn.shape != shape:
        raise SpecError(
            f"domain {name}=Custom(...) drew an array of shape {drawn.shape}, but was asked for {shape}. "
            "Pass the shape on to the strategy: hnp.arrays(float, shape)."
        )
    return drawn.astype(np.float64) if drawn.dtype.kind == "f" else drawn


def _labels(domain: object, sizes: Mapping[str, int]) -> int:
    if not isinstance(domain, Labels):
        return 1
    return domain.dimension if isinstance(domain.dimension, int) else sizes[domain.dimension]


def _output(subject: Subject, primals: tuple[Array, ...], options: Mapping[str, Any]) -> Array:
    """The output on float arrays; a forward that has no value for arrays without elements is not asked for one."""
    handed = [primal.copy() for primal in primals]
    with warnings.catch_warnings():
        if all(primal.size for primal in primals):
            warnings.simplefilter("ignore", RuntimeWarning)  # what overflows natively is judged in extended precision
            with np.errstate(all="ignore"):
                return checked_vjp(subject, handed, options)[0]
        warnings.simplefilter("error", RuntimeWarning)  # such as the mean of an empty slice
        try:
            with np.errstate(divide="raise", invalid="raise"):
                return checked_vjp(subject, handed, options)[0]
        except SpecError as error:
            assume(not isinstance(error.__cause__, ValueError | IndexError | ArithmeticError | RuntimeWarning))
            raise
