"""jax's programs (jaxprs), evaluated with NumPy."""

from .evaluating import evaluate
from .programs import Programs, of_the_moving, one_array, programs_of
from .tracing import in_double_precision, jax_itself, primitives_of, traced

__all__ = [
    "Programs",
    "evaluate",
    "in_double_precision",
    "jax_itself",
    "of_the_moving",
    "one_array",
    "primitives_of",
    "programs_of",
    "traced",
]
