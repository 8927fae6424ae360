"""The mistakes people make in derivatives, in the order in which they are tried.

Where two operators make the same mutant, it counts for the first of them.
"""

from __future__ import annotations

from . import algebra, arrays, calls, uses
from .operator import Operator

OPERATORS: dict[str, Operator] = {
    each.name: each
    for each in (
        arrays.drop_transpose,
        arrays.add_transpose,
        arrays.swap_matrices,
        algebra.ignore_eps,
        algebra.wrong_size,
        algebra.flip_sign,
        algebra.drop_factor,
        algebra.double_factor,
        algebra.drop_division,
        algebra.invert_division,
        algebra.drop_term,
        algebra.swap_operands,
        algebra.wrong_exponent,
        arrays.drop_sum,
        arrays.wrong_axis,
        arrays.drop_axis,
        arrays.drop_keepdims,
        arrays.assign_instead_of_adding,
        algebra.move_boundary,
        algebra.wrong_side,
        calls.swap_branches,
        calls.wrong_function,
        calls.swap_cotangents,
        calls.drop_statement,
        uses.ignore_cotangent,
        uses.ignore_option,
        uses.wrong_array,
        uses.write_in_place,
        uses.round_to_float32,
        algebra.wrong_number,
    )
}
