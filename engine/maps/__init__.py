"""The vocabulary of linear maps, each with its transpose written out beside it."""

from .contractions import einsum_at, einsum_with
from .convolution import convolve, convolve_sequence, windows
from .elementwise import divide_by, negate, scale
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
    "broadcast",
    "contract",
    "convolve",
    "convolve_sequence",
    "cumulative_sum",
    "divide_by",
    "einsum_at",
    "einsum_with",
    "flip",
    "gather",
    "kept_shape",
    "left_multiply",
    "linear_map",
    "negate",
    "pad",
    "permute",
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
