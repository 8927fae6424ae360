"""The mathematics: linear maps, derivatives, the tape, layers and losses, extended-precision arrays."""

from .derivatives import derivative_of
from .errors import BackproofError, MissingDerivative, NotExtendable, SpecError
from .linear import LinearMap
from .linearization import linearize
from .maps import left_multiply, linear_map, right_multiply, scale, sum_over
from .subjects import layer
from .transforms import derivative, grad, grads, hessian, hvp, jacobian, jvp, vjp

__all__ = [
    "BackproofError",
    "LinearMap",
    "MissingDerivative",
    "NotExtendable",
    "SpecError",
    "derivative",
    "derivative_of",
    "grad",
    "grads",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "layer",
    "left_multiply",
    "linear_map",
    "linearize",
    "right_multiply",
    "scale",
    "sum_over",
    "vjp",
]
