"""What an option may be: frozen data that `backproof.strategies` turns into values.

Options that depend on an array's shape name the argument by position (``of``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import SpecError


@dataclass(frozen=True)
class Choice:
    """One of the listed values; the first is the simplest and what a counterexample shrinks towards."""

    values: tuple[object, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.values, tuple | list) or not self.values:
            raise SpecError(f"Choice({self.values!r}) should list values: Choice(('mean', 'sum')).")


@dataclass(frozen=True)
class Real:
    """A float strictly between ``low`` and ``high``."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise SpecError(f"Real({self.low}, {self.high}) holds no number: low should be below high.")


@dataclass(frozen=True)
class Axes:
    """None, one axis or a tuple of distinct axes of argument ``of``, counted from either end."""

    of: int = 0
    nonempty: bool = False


@dataclass(frozen=True)
class ShapeOf:
    """The shape of argument ``of`` itself, for maps that must know what they map from."""

    of: int = 0


@dataclass(frozen=True)
class Reshaping:
    """Another shape with as many elements as argument ``of``."""

    of: int = 0


@dataclass(frozen=True)
class Permutation:
    """None, or an order of the axes of argument ``of``."""

    of: int = 0


@dataclass(frozen=True)
class Broadcasting:
    """A shape that argument ``of`` broadcasts to."""

    of: int = 0


@dataclass(frozen=True)
class Index:
    """An index into argument ``of``: slices, integers and new axes, or integer arrays with repeats."""

    of: int = 0


@dataclass(frozen=True)
class Drawn:
    """What a Hypothesis strategy draws; shrinks as that strategy does."""

    strategy: Any


Option = Choice | Real | Drawn | Axes | ShapeOf | Reshaping | Permutation | Broadcasting | Index

flag = Choice((False, True))


def first_values(options: Mapping[str, Option]) -> dict[str, Any]:
    """One value for each option that has one of its own: the first choice, or the middle of an interval."""
    return {
        name: option.values[0] if isinstance(option, Choice) else (option.low + option.high) / 2
        for name, option in options.items()
        if isinstance(option, Choice | Real)
    }
