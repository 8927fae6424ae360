"""backproof verifies backpropagation: hand-written backward passes, judged in extended precision.

``import backproof`` loads nothing; the names below load what they need when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backproof.engine import derivative_of, grad, hessian, hvp, jacobian, jvp, layer, linearize, vjp
    from backproof.engine.domains import (
        Custom,
        Interval,
        Invertible,
        Labels,
        Mask,
        Nonzero,
        OneHot,
        Orthogonal,
        Simplex,
        Symmetric,
        Triangular,
        positive,
    )
    from backproof.engine.explaining import explain
    from backproof.engine.options import Choice, Real
    from backproof.engine.subjects import (
        autograd_function,
        jax_function,
        layer_object,
        linear_operator,
        pair,
        pullback,
        torch_function,
    )
    from backproof.reports.checking import Falsified, Undecided, check, verify
    from backproof.reports.sessions.suites import suite

_HOMES = {
    **dict.fromkeys(("Choice", "Real"), "backproof.engine.options"),
    **dict.fromkeys(("Interval", "Invertible", "Labels", "Mask", "Nonzero", "positive"), "backproof.engine.domains"),
    **dict.fromkeys(("Custom", "OneHot", "Orthogonal"), "backproof.engine.domains"),
    **dict.fromkeys(("Simplex", "Symmetric", "Triangular"), "backproof.engine.domains"),
    **dict.fromkeys(("layer_object", "linear_operator", "pair", "pullback"), "backproof.engine.subjects"),
    **dict.fromkeys(("autograd_function", "jax_function", "torch_function"), "backproof.engine.subjects"),
    **dict.fromkeys(("Falsified", "Undecided", "check", "verify"), "backproof.reports.checking"),
    "suite": "backproof.reports.sessions.suites",
    "derivative_of": "backproof.engine",
    "explain": "backproof.engine.explaining",
    "grad": "backproof.engine",
    "hessian": "backproof.engine",
    "hvp": "backproof.engine",
    "jacobian": "backproof.engine",
    "jvp": "backproof.engine",
    "layer": "backproof.engine",
    "linearize": "backproof.engine",
    "vjp": "backproof.engine",
}
__all__ = [
    "Choice",
    "Custom",
    "Falsified",
    "Interval",
    "Invertible",
    "Labels",
    "Mask",
    "Nonzero",
    "OneHot",
    "Orthogonal",
    "Real",
    "Simplex",
    "Symmetric",
    "Triangular",
    "Undecided",
    "autograd_function",
    "check",
    "derivative_of",
    "explain",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jax_function",
    "jvp",
    "layer",
    "layer_object",
    "linear_operator",
    "linearize",
    "pair",
    "positive",
    "pullback",
    "suite",
    "torch_function",
    "verify",
    "vjp",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("backproof")
    if name not in _HOMES:
        from difflib import get_close_matches

        close = get_close_matches(name, _HOMES, n=1)
        raise AttributeError(f"module 'backproof' has no {name!r}.{f' Did you mean {close[0]!r}?' if close else ''}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
