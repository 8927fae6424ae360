"""NumPy's functions on extended arrays."""

from . import arranging, calculus, linalg, namesakes, products, reductions, selecting, sorting
from .dispatching import apply_function

__all__ = [
    "apply_function",
    "arranging",
    "calculus",
    "linalg",
    "namesakes",
    "products",
    "reductions",
    "selecting",
    "sorting",
]
