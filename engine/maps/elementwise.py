"""Maps that act on each element by itself."""

from __future__ import annotations

from collections.abc import Callable

from .. import notation
from ..domains import nonzero
from ..linear import Array, LinearMap
from .vocabulary import linear_map


@linear_map("(...),(...)")
def scale(factor: Array | Callable[[], Array]) -> LinearMap:
    """``dx -> dx * factor``, its own transpose.

    ``factor`` is a number, an array, or a function of no arguments that returns one and is called only
    if the map is used: for a factor that is costly, or has no value where nobody asks for it.
    """
    value = factor if callable(factor) else lambda: factor
    return LinearMap(
        lambda dx: dx * value(),
        lambda ct: ct * value(),
        lambda: (notation.scaling(value()), notation.scaling(value())),
    )


@linear_map("(...),(...)", domain={"divisor": nonzero})
def divide_by(divisor: Array) -> LinearMap:
    """``dx -> dx / divisor``, its own transpose."""
    return LinearMap(
        lambda dx: dx / divisor,
        lambda ct: ct / divisor,
        lambda: (notation.division(divisor), notation.division(divisor)),
    )


def negate() -> LinearMap:
    """``dx -> -dx``, its own transpose."""
    return LinearMap(lambda dx: -dx, lambda ct: -ct, lambda: (notation.scaling(-1), notation.scaling(-1)))
