"""The vocabulary of linear maps, each with its transpose written out beside it."""

from .complex_numbers import (
    as_complex,
    conjugate,
    conjugated,
    conversion,
    imaginary_part,
    inner_product_with,
    is_complex,
    of_pair,
    pair_of,
    real_part,
)
from .contractions import einsum_at, einsum_with
from .convolution import convolve, convolve_sequence, windows
from .elementwise import divide_by, negate, scale
from .fourier import dft, inverse_dft, inverse_real_dft, real_dft
from .indexing import gather, pad
from .products import contract, left_multiply, right_multiply, swap
from .rearranging import flip, rearrange
from .recurrences import recurrence
from .shapes import broadcast, permute, reshape, sum_to_shape
from .solves import solve
from .sums import cumulative_sum, kept_shape, reduced_size, sum_over
from .vocabulary import VOCABULARY, MapEntry, linear_map

__all__ = [
    "VOCABULARY",
    "MapEntry",
    "as_complex",
    "broadcast",
    "conjugate",
    "conjugated",
    "contract",
    "conversion",
    "convolve",
    "convolve_sequence",
    "cumulative_sum",
    "dft",
    "divide_by",
    "einsum_at",
    "einsum_with",
    "flip",
    "gather",
    "imaginary_part",
    "inner_product_with",
    "inverse_dft",
    "inverse_real_dft",
    "is_complex",
    "kept_shape",
    "left_multiply",
    "linear_map",
    "negate",
    "of_pair",
    "pad",
    "pair_of",
    "permute",
    "real_dft",
    "real_part",
    "rearrange",
    "recurrence",
    "reduced_size",
    "reshape",
    "right_multiply",
    "scale",
    "solve",
    "sum_over",
    "sum_to_shape",
    "swap",
    "windows",
]
