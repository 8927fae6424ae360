"""Functions of scipy.special, by name: SciPy need not be installed, and is imported only by whoever uses it."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ..domains import Domain, Interval, positive, unit_interval
from ..errors import MissingDerivative
from ..linear import Array, LinearMap
from ..maps import divide_by, scale
from .rules import SPECIAL, Derive, Rule

Two = tuple[LinearMap, LinearMap]


def _special(
    arrays: int = 1, domain: Mapping[str, Domain] | None = None, part_of: str = ""
) -> Callable[[Derive], Derive]:
    """Register the rule of the elementwise function of scipy.special that has the decorated function's name.

    ``part_of`` names the function whose second derivative verifies this one.
    """

    def register(derive: Derive) -> Derive:
        signatures = () if part_of else (",".join(["()"] * arrays) + "->()",)
        name = derive.__name__
        SPECIAL[name] = Rule(np.positive, derive, name, signatures, domain or {}, {}, True, frozenset(), arrays)
        return derive

    return register


def special_rules() -> tuple[Rule, ...]:
    """The rules with SciPy's functions in them; none where SciPy is not installed."""
    if importlib.util.find_spec("scipy") is None:
        return ()
    scipy_special = importlib.import_module("scipy.special")
    verified = {name: rule for name, rule in SPECIAL.items() if rule.signatures}
    return tuple(replace(rule, function=getattr(scipy_special, name)) for name, rule in verified.items())


def _scipys(name: str) -> Callable[..., Array]:
    function: Callable[..., Array] = getattr(importlib.import_module("scipy.special"), name)
    return function


def _psi(x: Array) -> Array:
    return _scipys("psi")(x)


def _pi(like: Array) -> Array:
    """Pi, of the numbers that ``like`` is made of."""
    return 4 * np.arctan(np.ones_like(like))


@_special()
def erf(y: Array, x: Array) -> LinearMap:
    """``d(erf x) = 2 / sqrt(pi) e^(-x^2) dx``"""
    return scale(2 / np.sqrt(_pi(x)) * np.exp(-x * x))


@_special()
def erfc(y: Array, x: Array) -> LinearMap:
    """``d(1 - erf x) = -2 / sqrt(pi) e^(-x^2) dx``"""
    return scale(-2 / np.sqrt(_pi(x)) * np.exp(-x * x))


@_special()
def expit(y: Array, x: Array) -> LinearMap:
    """``ds = s (1 - s) dx``, with ``1 - s = 1 / (1 + e^x)``, which does not cancel where s is nearly 1"""
    return scale(lambda: y / (1 + np.exp(x)))


@_special(domain={"x": unit_interval})
def logit(y: Array, x: Array) -> LinearMap:
    """``d(log x - log(1 - x)) = dx / (x (1 - x))``"""
    return divide_by(x * (1 - x))


@_special()
def log_expit(y: Array, x: Array) -> LinearMap:
    """``d(-log(1 + e^(-x))) = dx / (1 + e^x)``"""
    return divide_by(1 + np.exp(x))


@_special(2, domain={"b": positive})
def xlogy(y: Array, a: Array, b: Array) -> Two:
    """``d(a log b) = log b da + (a / b) db``"""
    return scale(lambda: np.log(b)), scale(lambda: a / b)


@_special(2, domain={"b": Interval(low=-1.0)})
def xlog1py(y: Array, a: Array, b: Array) -> Two:
    """``d(a log(1 + b)) = log(1 + b) da + a / (1 + b) db``"""
    return scale(lambda: np.log1p(b)), scale(lambda: a / (1 + b))


@_special(domain={"x": positive})
def entr(y: Array, x: Array) -> LinearMap:
    """``d(-x log x) = -(log x + 1) dx``"""
    return scale(-np.log(x) - 1)


@_special(2, domain={"a": positive, "b": positive})
def rel_entr(y: Array, a: Array, b: Array) -> Two:
    """``d(a log(a / b)) = (log(a / b) + 1) da - (a / b) db``"""
    return scale(lambda: np.log(a / b) + 1), scale(lambda: -a / b)


@_special()
def ndtr(y: Array, x: Array) -> LinearMap:
    """``dy = e^(-x^2 / 2) / sqrt(2 pi) dx``, the density of the normal distribution"""
    return scale(np.exp(-x * x / 2) / np.sqrt(2 * _pi(x)))


@_special()
def log_ndtr(y: Array, x: Array) -> LinearMap:
    """``dy = e^(-x^2 / 2 - y) / sqrt(2 pi) dx``, with y the output: nothing underflows"""
    return scale(np.exp(-x * x / 2 - y) / np.sqrt(2 * _pi(x)))


@_special(domain={"x": positive})
def gammaln(y: Array, x: Array) -> LinearMap:
    """``d(log |Gamma(x)|) = psi(x) dx``, where psi is the digamma function"""
    return scale(lambda: _psi(x))


@_special(domain={"x": Interval(0.0, 20.0)})
def gamma(y: Array, x: Array) -> LinearMap:
    """``d(Gamma(x)) = Gamma(x) psi(x) dx``"""
    return scale(lambda: y * _psi(x))


@_special(domain={"x": positive})
def psi(y: Array, x: Array) -> LinearMap:
    """``d(psi(x)) = sum_(k >= 0) dx / (x + k)^2``, which is Hurwitz's ``zeta(2, x)``"""
    return scale(lambda: _scipys("zeta")(2, x))


@_special(2, part_of="psi")
def _zeta(y: Array, s: Array, q: Array) -> Two:
    """``d(zeta(s, q)) = -s zeta(s + 1, q) dq``; the derivative in s has no such form"""

    def unknown() -> Array:
        raise MissingDerivative("scipy.special.zeta has no derivative rule for its first argument. Pass it a number.")

    return scale(unknown), scale(lambda: -s * _scipys("zeta")(s + 1, q))


@_special(2, domain={"a": positive, "b": positive})
def kl_div(y: Array, a: Array, b: Array) -> Two:
    """``d(a log(a / b) - a + b) = log(a / b) da + (1 - a / b) db``"""
    return scale(lambda: np.log(a / b)), scale(lambda: (b - a) / b)


@_special(2, domain={"a": Interval(0.0, 20.0), "b": Interval(0.0, 20.0)})
def betaln(y: Array, a: Array, b: Array) -> Two:
    """``d(log B(a, b)) = (psi(a) - psi(a + b)) da + (psi(b) - psi(a + b)) db``"""
    return scale(lambda: _psi(a) - _psi(a + b)), scale(lambda: _psi(b) - _psi(a + b))


@_special(domain={"x": Interval(-30.0, 30.0)})
def i0(y: Array, x: Array) -> LinearMap:
    """``d(I_0(x)) = I_1(x) dx``"""
    return scale(lambda: _scipys("i1")(x))


@_special(domain={"x": Interval(-30.0, 30.0)})
def i1(y: Array, x: Array) -> LinearMap:
    """``d(I_1(x)) = (I_0(x) - I_1(x) / x) dx``; at 0, where ``I_1(x) / x`` is 1/2, half of it"""
    return scale(lambda: _scipys("i0")(x) - _over(y, x))


@_special(domain={"x": Interval(-30.0, 30.0)})
def j0(y: Array, x: Array) -> LinearMap:
    """``d(J_0(x)) = -J_1(x) dx``"""
    return scale(lambda: -_scipys("j1")(x))


@_special(domain={"x": Interval(-30.0, 30.0)})
def j1(y: Array, x: Array) -> LinearMap:
    """``d(J_1(x)) = (J_0(x) - J_1(x) / x) dx``; at 0, where ``J_1(x) / x`` is 1/2, half of it"""
    return scale(lambda: _scipys("j0")(x) - _over(y, x))


def _over(y: Array, x: Array) -> Array:
    """``y / x``, and a half where x is zero."""
    return np.where(x == 0, 0.5, y / np.where(x == 0, 1, x))
