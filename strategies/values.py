"""Values: tables ordered by simplicity, and arrays drawn as one string of bytes, each an index into a table.

A string of bytes is one choice for Hypothesis, whatever the array's size: cheap to draw, and it shrinks
entry by entry towards the front of the table. Its length does not depend on the shape, so that shapes can
shrink without disturbing values; longer arrays repeat it. A jitter seed beside it makes values generic.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np

from backproof.engine.domains import (
    Domain,
    Interval,
    Invertible,
    Labels,
    Mask,
    Nonzero,
    OneHot,
    Orthogonal,
    Simplex,
    Symmetric,
    Triangular,
    real,
)

Array = np.ndarray[Any, Any]

MODES = 6  # of the seeds of a jitter one in so many makes each of these of the arrays; the others move entries
NEARLY_CONSTANT, FAR_AWAY, EXTREME = 1, 2, 3  # all nearly its largest entry, all nearly a large number, or saturated
MEANS = (1e4, -3e5, 1e7, 1e8)
EXTREMES = (800.0, -800.0, 40.0, -40.0, 800.0, -800.0, 100.0, -100.0, 1e8, -1e8, 1e-8, -1e-8)
FROM_HERE_ON = 128  # a byte stands for an extreme, where the mode says so
BYTES = 32  # of one array; longer arrays repeat them

ONE_ENTRY, MANY_SCALES = 160, 208  # from which byte on a cotangent is not as drawn
SCALES = np.array([1.0, 2.0**-20, 2.0**20, 2.0**-7])  # of the entries of a cotangent of many scales

_SMALL = (0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0)
_DYADIC = tuple(s * n / d for d in (2, 4, 8) for n in (1, 3, 5, 7, 11) for s in (1, -1))
_GENERIC = tuple(s * v for v in (0.1, 0.3, 1 / 3, 0.7, 1.1, math.e, math.pi, 5.9, 7.3) for s in (1, -1))
_LARGE = tuple(float(s * v) for v in (4, 5, 7, 10, 17, 40, 100, 800) for s in (1, -1))
_HURTING = (-0.0, 1e-3, -1e-3, 1e-8, -1e-8, 1e8, -1e8, 1e-5, 12345.678)


def decode_cotangent(shape: tuple[int, ...], drawn: bytes, jitter: int, numbers: tuple[float, ...] = ()) -> Array:
    """A cotangent: any real numbers; now and then with one entry that is not zero, or of many scales at once.

    Which it is stands in the byte that shrinks to zero first, and zero is the plain kind.
    """
    array = decode(real, shape, drawn, jitter - jitter % MODES, numbers=numbers)  # generic, whatever the primals are
    kind = drawn[0] if array.size else 0
    if ONE_ENTRY <= kind < MANY_SCALES:
        kept = np.zeros(array.size)
        kept[kind % array.size] = array.flat[kind % array.size]
        return kept.reshape(shape)
    if kind >= MANY_SCALES:
        return np.asarray(array * np.resize(SCALES, array.size).reshape(shape))
    return array


@lru_cache(maxsize=128)
def table_for(domain: Domain, numbers: tuple[float, ...] = ()) -> Array:
    """The 256 values that the bytes of an argument in this domain stand for, the simplest first.

    ``numbers`` are those that the code under test speaks of: they are in the table too, and what lies around them.
    """
    values = [v for v in (*_SMALL, *_DYADIC, *_GENERIC, *_LARGE, *_HURTING) if contains(domain, v)]
    around = [v for v in _around(numbers) if contains(domain, v)] if numbers else []
    if isinstance(domain, Interval) and math.isfinite(domain.low) and math.isfinite(domain.high):
        width = domain.high - domain.low
        values += [domain.low + width * n / 16 for n in (8, 4, 12, 1, 15, 3, 5)]
    elif isinstance(domain, Interval) and math.isfinite(domain.low):
        values += [domain.low + gap for gap in (1.0, 0.5, 0.25, 1e-3, 1e-8)]
    elif isinstance(domain, Interval) and math.isfinite(domain.high):
        values += [domain.high - gap for gap in (1.0, 0.5, 0.25, 1e-3, 1e-8)]
    if isinstance(domain, Interval) and domain.masked:
        values[4:4] = [-math.inf] * 8
    common = values[: max(7, len(values) // 4)]  # the bytes left over repeat what makes ties and kinks
    if around:
        often = 1 + (256 - len(values)) // (2 * len(around))  # half of them at the code's own numbers
        values += around * often
    saturated = [v for v in (800.0, -800.0) if contains(domain, v)]
    return np.array((values + saturated * 2 + common * 256)[:256])


def _around(numbers: tuple[float, ...]) -> list[float]:
    """Numbers with either sign, both sides of each, and a value between each two neighbours: thresholds and windows."""
    signed = sorted({0.0, *numbers, *(-number for number in numbers)})
    between = [(low + high) / 2 for low, high in pairwise(signed)]
    beside = [number * factor for number in signed if number for factor in (1.0, 1 - 2.0**-10, 1 + 2.0**-10)]
    return [*between, *beside, *between]


def contains(domain: Domain, value: float) -> bool:
    """Whether a number may stand in an array of an elementwise domain."""
    if isinstance(domain, Interval):
        return domain.low < value < domain.high
    return not isinstance(domain, Nonzero) or value != 0


@cache
def byte_strings() -> st.SearchStrategy[bytes]:
    """The bytes behind one array; shrinks towards zeros, which stand for the simplest value."""
    return st.binary(min_size=BYTES, max_size=BYTES)


@cache
def jitters() -> st.SearchStrategy[int]:
    """A seed that makes the values of a point generic; shrinks towards 0, which leaves them as they are.

    The simplest value of a domain is never moved, so that a point that has shrunk to it owes nothing to its seed;
    except that some seeds make an array nearly constant, however large its entries: there, differences cancel. Some
    others saturate a few entries.
    """
    return st.just(0) | st.integers(1, 2**16 - 1)


def decode(
    domain: Domain,
    shape: tuple[int, ...],
    drawn: bytes,
    jitter: int,
    labels: int = 1,
    numbers: tuple[float, ...] = (),
) -> Array:
    """The array that a string of bytes stands for; ``labels`` is the number of labels of a Labels domain."""
    # Of equally simple strings Hypothesis prefers the one whose last bytes are large: read from the end, so that
    # what matters gathers in the first entries, and the shape can shrink.
    indices = np.resize(np.frombuffer(drawn, dtype=np.uint8)[::-1], shape)
    if isinstance(domain, Mask):
        return np.asarray(indices % 2 == 1)
    if isinstance(domain, Labels):
        return np.asarray(indices % max(labels, 1), dtype=np.int64)
    if isinstance(domain, Invertible | Symmetric | Triangular):
        return _matrices(domain, np.clip(table_for(Interval())[indices], -3, 3))
    if isinstance(domain, Simplex):
        return _dyadic_shares(indices % 8)
    if isinstance(domain, OneHot):
        return _one_hot(indices)
    if isinstance(domain, Orthogonal):
        return _orthonormal(indices)
    values = table_for(domain, numbers)[indices]
    mode = jitter % MODES if values.size else 0
    if mode in (NEARLY_CONSTANT, FAR_AWAY):
        mean = MEANS[jitter // (64 * MODES) % len(MEANS)]  # the same one for all arrays of a point
        far = mode == FAR_AWAY and contains(domain, mean)
        values = np.full(shape, mean if far else values.flat[np.argmax(np.abs(values))])
        indices = np.ones(shape, dtype=int)
    if mode == EXTREME:
        simplest = 0.0 if contains(domain, 0.0) else values.flat[0]
        allowed = np.array([value for value in EXTREMES if contains(domain, value)] or [simplest])
        values = np.where(indices >= FROM_HERE_ON, allowed[indices % len(allowed)], values)
        indices = np.where(indices >= FROM_HERE_ON, 0, indices)
    if jitter and values.size:
        shift = np.random.default_rng(jitter).uniform(-0.5, 0.5, shape)
        values = values + np.where(indices > 0, shift * np.minimum(1.0, _room(domain, values)), 0.0)
    return np.asarray(values, dtype=np.float64)


def _room(domain: Domain, values: Array) -> Array:
    """How far each value may move: not out of its domain, and what is small stays small."""
    finite = np.isfinite(values)
    inside = np.where(finite, values, 0.0)
    room = np.abs(inside)
    if isinstance(domain, Interval):
        room = np.minimum(room, np.minimum(inside - domain.low, domain.high - inside))
    return np.where(finite, room, 0.0)


def _matrices(domain: Domain, entries: Array) -> Array:
    if isinstance(domain, Symmetric):
        below = np.tril(entries)
        symmetric = below + np.swapaxes(np.tril(entries, -1), -1, -2)
        return _diagonally_dominant(symmetric) if domain.definite else symmetric
    if isinstance(domain, Triangular):
        return np.tril(_diagonally_dominant(entries)) if domain.lower else np.triu(_diagonally_dominant(entries))
    return _diagonally_dominant(entries)


def _dyadic_shares(drawn: Array) -> Array:
    """Positive multiples of a power of two that sum to one exactly; equal draws give nearly equal shares."""
    if drawn.ndim == 0 or drawn.shape[-1] == 0:
        return np.ones(drawn.shape)
    count = drawn.shape[-1]
    whole = 2 ** (4 + math.ceil(math.log2(count)))
    parts = (drawn.astype(np.int64) + 1) * whole // (16 * count) + 1
    parts[..., 0] += whole - parts.sum(axis=-1)
    return parts / whole


def _one_hot(indices: Array) -> Array:
    if indices.ndim == 0 or indices.shape[-1] == 0:
        return np.ones(indices.shape)
    return np.asarray(np.eye(indices.shape[-1])[indices[..., 0] % indices.shape[-1]])


def _orthonormal(indices: Array) -> Array:
    """Signed permutations times one reflection whose entries are multiples of a power of two: orthogonal exactly."""
    if indices.ndim < 2 or indices.size == 0:
        return np.ones(indices.shape)
    *stacked, rows, columns = indices.shape
    size = max(rows, columns)
    result = np.empty((*stacked, rows, columns))
    for place in np.ndindex(*stacked):
        drawn = np.resize(indices[place], (size,)).astype(int)
        reflected = 2 ** int(math.log2(size))
        direction = np.zeros(size)
        direction[:reflected] = np.where(drawn[:reflected] % 4 < 2, 1.0, -1.0)
        whole = np.eye(size)
        if reflected >= 4 and drawn.any():
            whole = whole - 2 / reflected * np.outer(direction, direction)
        signs = np.where(drawn % 2 == 0, 1.0, -1.0)
        whole = whole[np.argsort(drawn // 2, kind="stable")] * signs
        result[place] = whole[:rows, :columns]
    return result


def _diagonally_dominant(matrix: Array) -> Array:
    diagonal = np.arange(matrix.shape[-1])
    matrix = matrix.copy()
    matrix[..., diagonal, diagonal] = 1 + np.abs(matrix).sum(axis=-1)
    return matrix
