"""Products, quotients, sums and transposes of texts, with numbers gathered in front.

A vector is written as a column, whatever NumPy makes of it: ``W @ x``, and ``x.T @ y`` for an inner product.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .brackets import ATOM, NEGATIVE, PRODUCT, SUM, bare, binding, inside, is_number, parts


def is_constant(text: str) -> bool:
    """Whether a text is a number, or a quotient of two."""
    return not any(fraction(text)[2:])


class Fraction(NamedTuple):
    """A product: numbers that it multiplies by and divides by, and all other factors and divisors."""

    above: float
    below: float
    up: tuple[str, ...]
    down: tuple[str, ...]


def fraction(text: str) -> Fraction:
    """The fraction that a text is: ``-2 * x / 3`` is -2, 3 and ``x``. A product of matrices is one factor."""
    if is_number(text):
        return Fraction(_value(text), 1, (), ())
    if binding(text) <= SUM:
        return Fraction(1, 1, (text,), ())
    first, *others = parts(text.removeprefix("-"), PRODUCT)
    units = [["*", first]]
    for sign, part in zip(others[::2], others[1::2], strict=True):
        if sign == "@":
            units[-1][1] += f" @ {part}"
        else:
            units.append([sign, part])
    above, below = (math.prod(_value(u) for s, u in units if s == sign and is_number(u)) for sign in "*/")
    up, down = (tuple(bare(u) for s, u in units if s == sign and not is_number(u)) for sign in "*/")
    return Fraction(-above if text.startswith("-") else above, below, up, down)


def joined(one: Fraction) -> str:
    """The text of a fraction; what can be cancelled is, and numbers whose quotient comes out even are one."""
    above, below, up, down = one
    for factor in down:
        if factor in up:
            place = up.index(factor)
            under = down.index(factor)
            up, down = up[:place] + up[place + 1 :], down[:under] + down[under + 1 :]
    if above % below == 0:
        above, below = above // below, 1
    if len(up) == 1 and not down:
        if (above, below) == (1, 1):
            return up[0]
        if (above, below) == (-1, 1):
            return negative(up[0])
    body = [inside(up[0], PRODUCT)] if len(up) == 1 and not down else [_plain(factor) for factor in up]
    sign, size = ("-" if above < 0 else ""), abs(above)
    numerator = " * ".join([f"{size:g}"] * (size != 1 or not up) + body)
    return " / ".join([sign + numerator, *(inside(d, NEGATIVE) for d in down), *[f"{below:g}"] * (below != 1)])


def product(one: str, two: str) -> str:
    """Two texts multiplied elementwise."""
    a, b = fraction(one), fraction(two)
    return joined(Fraction(a.above * b.above, a.below * b.below, a.up + b.up, a.down + b.down))


def quotient(one: str, two: str) -> str:
    """One text over another, elementwise."""
    a, b = fraction(one), fraction(two)
    return joined(Fraction(a.above * b.below, a.below * b.above, a.up + b.down, a.down + b.up))


def matrix_product(one: str, two: str) -> str:
    """Two texts multiplied as matrices; numbers stand in front."""
    a, b = fraction(one), fraction(two)
    left, right = (matrix(joined(Fraction(1, 1, f.up, f.down))) for f in (a, b))
    return joined(Fraction(a.above * b.above, a.below * b.below, (f"{left} @ {right}",), ()))


def negative(text: str) -> str:
    """Minus a text; a difference is turned round."""
    terms = parts(text, SUM)
    if len(terms) == 3 and terms[1] == "-" and not text.startswith("-"):
        return f"{terms[2]} - {terms[0]}"
    if binding(text) <= SUM or binding(text) == ATOM:
        return f"-{inside(text, PRODUCT)}"
    a = fraction(text)
    return f"-{inside(text, PRODUCT)}" if a.above == a.below == 1 else joined(a._replace(above=-a.above))


def total(one: str, two: str) -> str:
    """The sum of two texts; what is subtracted comes last."""
    if "0" in (one, two):
        return two if one == "0" else one
    if one.startswith("-") and binding(one) > SUM and not two.startswith("-"):
        return difference(two, one[1:])
    return f"{one} - {two[1:]}" if two.startswith("-") and binding(two) > SUM else f"{one} + {inside(two, SUM)}"


def difference(one: str, two: str) -> str:
    """One text less another."""
    return f"{one} + {two[1:]}" if two.startswith("-") and binding(two) > SUM else f"{one} - {inside(two, PRODUCT)}"


def power(one: str, two: str) -> str:
    """One text to the power of another."""
    return one if two == "1" else f"{inside(one, ATOM)} ** {inside(two, ATOM)}"


def matrices(text: str) -> list[str]:
    """The matrices that a product of matrices is made of, or the one matrix."""
    return parts(text, PRODUCT)[::2] if matrix(text) == text else [f"({text})"]


def matrix(text: str) -> str:
    """The text as it stands in a product of matrices."""
    return text if set(parts(text, ATOM - 1)[1::2]) <= {"@"} and not text.startswith("-") else f"({text})"


def transposed(text: str) -> str:
    """The text of a matrix's transpose; transposing twice changes nothing, and a product turns round."""
    a = fraction(text)
    if not a.up or len(a.up) > 1 or a.down:
        return f"({text}).T" if a.up else text
    if (a.above, a.below) != (1, 1):
        return joined(a._replace(up=(transposed(a.up[0]),)))
    terms = parts(a.up[0], SUM)
    if len(terms) > 1 and all("@" in parts(term, PRODUCT) for term in terms[::2]):
        return " ".join(part if place % 2 else transposed(part) for place, part in enumerate(terms))
    cut = matrices(a.up[0])
    if len(cut) > 1:
        return " @ ".join(matrix(transposed(part)) for part in reversed(cut))
    return bare(cut[0][:-2]) if cut[0].endswith(".T") and binding(cut[0]) == ATOM else f"{cut[0]}.T"


def _plain(text: str) -> str:
    """The text as it stands in an elementwise product."""
    return f"({text})" if "@" in parts(text, PRODUCT)[1::2] else inside(text, PRODUCT)


def _value(text: str) -> float:
    return float(text) if set(text) & set(".e") else int(text)
