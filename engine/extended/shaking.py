"""Arithmetics in which something is a little off on purpose, to see how much it matters."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np

from .arithmetic import Arithmetic, Objects
from .lifting import each

Array = np.ndarray[Any, Any]

_EXACT_BITS = 20  # multiples of 2^-20 mean what they say, such as 0.5 and 0.125


def with_shaken_constants(arithmetic: Arithmetic, seed: int) -> Arithmetic:
    """Floats that the code brings along are off by up to half an ulp (2^-53), either way; integers and dyadics are not.

    Right formulae may write one constant in two ways, such as 3 * 0.044715 and 0.134145: if such changes are as
    large as a mismatch, the constants explain it.
    """

    def lift(value: Any) -> Any:
        number = arithmetic.lift(value)
        if not isinstance(value, float) or value - value != 0 or (value * 2**_EXACT_BITS) % 1 == 0:
            return number
        share = np.random.default_rng([seed, zlib.crc32(repr(value).encode())]).uniform(-1.0, 1.0)
        return number + number * arithmetic.lift(float(share) * 2.0**-53)

    return replace(arithmetic, lift=lift)


def with_rounding_errors(arithmetic: Arithmetic, unit: float, seed: int) -> Arithmetic:
    """Every result of an operation is off by a random relative error of up to ``unit``: stochastic rounding."""
    source = np.random.default_rng(seed)

    def rounded(numbers: Objects) -> Objects:
        errors = source.uniform(-unit, unit, size=np.shape(numbers))
        return _off_by(numbers, arithmetic, errors)

    return replace(arithmetic, rounded=rounded)


def perturbed(numbers: Objects, arithmetic: Arithmetic, unit: float, source: np.random.Generator) -> Objects:
    """Numbers that are off by a relative error of ``unit``, either way."""
    return _off_by(numbers, arithmetic, source.choice([-unit, unit], size=np.shape(numbers)))


def _off_by(numbers: Objects, arithmetic: Arithmetic, errors: Array) -> Objects:
    """Infinities stay what they are: added to them, their errors would make them NaN."""
    return numbers * (each(arithmetic.lift, errors) + arithmetic.lift(1.0))
