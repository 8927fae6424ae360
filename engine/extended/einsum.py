"""Einstein summation of object arrays, through matrix products.

NumPy's own einsum on object arrays releases numbers that are still in use, and the process dies.
"""

from __future__ import annotations

import math
import string
from collections.abc import Sequence

import numpy as np

from .arithmetic import Objects, active
from .ufuncs import matmul


def einsum(subscripts: str, operands: Sequence[Objects]) -> Objects:
    """`numpy.einsum` of object arrays. Raises ValueError where the subscripts do not fit the operands."""
    terms, arrow, output = subscripts.replace(" ", "").partition("->")
    letters = terms.split(",")
    if len(letters) != len(operands):
        raise ValueError(f"np.einsum({subscripts!r}) names {len(letters)} operands, but was given {len(operands)}")
    if not arrow:
        every = terms.replace(",", "").replace("...", "")
        output = "..." * ("..." in terms) + "".join(sorted(c for c in set(every) if every.count(c) == 1))
    if "..." in terms:
        operands = list(operands)
        rest = [c for c in string.ascii_letters if c not in subscripts]
        most = max(operand.ndim - len(term) + 3 for term, operand in zip(letters, operands, strict=True) if "." in term)
        filler = "".join(rest[:most])
        shape = np.broadcast_shapes(
            *(_under_ellipsis(term, operand.shape) for term, operand in zip(letters, operands, strict=True))
        )
        for position, term in enumerate(letters):
            if "..." in term:
                own = operands[position].shape
                before, after = term.index("."), len(term) - term.index(".") - 3
                spread = own[:before] + shape + own[len(own) - after :]
                missing = (1,) * (len(spread) - len(own))
                widened = operands[position].reshape(own[:before] + missing + own[before:])
                operands[position] = np.broadcast_to(widened, spread)
                letters[position] = term.replace("...", filler)
        output = output.replace("...", filler)
    running, result = _without_repeats(letters[0], operands[0])
    for position, (term, operand) in enumerate(zip(letters[1:], operands[1:], strict=True), start=2):
        needed = set(output).union(*letters[position:])
        running, result = _product(running, result, *_without_repeats(term, operand), needed)
    running, result = _summed(running, result, set(output))
    return np.transpose(result, [running.index(letter) for letter in output])


def _under_ellipsis(term: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes of an operand for which the ellipsis of its term stands."""
    if "..." not in term:
        return ()
    before, after = term.index("."), len(term) - term.index(".") - 3
    return shape[before : len(shape) - after]


def _without_repeats(term: str, operand: Objects) -> tuple[str, Objects]:
    """The diagonal where a letter stands twice in one term."""
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            operand = np.diagonal(operand, axis1=first, axis2=second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    return term, operand


def _summed(term: str, operand: Objects, needed: set[str]) -> tuple[str, Objects]:
    """Sum over the letters that nobody needs any more."""
    axes = tuple(axis for axis, letter in enumerate(term) if letter not in needed)
    if not axes:
        return term, operand
    total = np.add.reduce(operand, axis=axes, initial=active().lift(0))
    return "".join(letter for letter in term if letter in needed), np.asarray(total, dtype=object)


def _product(one: str, a: Objects, two: str, b: Objects, needed: set[str]) -> tuple[str, Objects]:
    """The product of two operands, summed over the letters that only they have."""
    one, a = _summed(one, a, needed | set(two))
    two, b = _summed(two, b, needed | set(one))
    stacked = [letter for letter in one if letter in two and letter in needed]
    contracted = [letter for letter in one if letter in two and letter not in needed]
    rows = [letter for letter in one if letter not in two]
    columns = [letter for letter in two if letter not in one]
    size = dict(zip(one, a.shape, strict=True)) | dict(zip(two, b.shape, strict=True))

    def grouped(term: str, operand: Objects, *groups: list[str]) -> Objects:
        ordered = np.transpose(operand, [term.index(letter) for group in groups for letter in group])
        return ordered.reshape([math.prod(size[letter] for letter in group) for group in groups])

    product = matmul(grouped(one, a, stacked, rows, contracted), grouped(two, b, stacked, contracted, columns))
    letters = [*stacked, *rows, *columns]
    return "".join(letters), product.reshape([size[letter] for letter in letters])
