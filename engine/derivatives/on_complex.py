"""What rules and definitions are verified on where complex numbers matter: ``rules.multiply_complex`` and its like.

A point has real arrays: a complex argument is one whose first axis has the real part and the imaginary part, and so
is a complex output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..domains import Domain, Interval, nonzero, positive
from ..linear import Array
from ..maps import of_pair, pair_of
from ..options import Choice, Option, flag
from .definitions import Definition, in_a_list, one_by_one

COMPLEX: dict[str, Definition] = {}
SMALL = Interval(-3.0, 3.0)
NORMS = Choice((None, "ortho", "forward"))


def on_complex(
    function: Callable[..., Any],
    *signatures: str,
    real: Sequence[int] = (),
    call: Callable[..., Any] = one_by_one,
    domain: Mapping[str, Domain] | None = None,
    name: str = "",
    **options: Option,
) -> None:
    """Verify a function on complex arguments, but for those whose positions are listed as real."""

    def on_pairs(function: Any, *arrays: Array, **given: Any) -> Array:
        numbers = [a if place in real else of_pair(a) for place, a in enumerate(arrays)]
        return pair_of(call(function, *numbers, **given))

    def define() -> None:
        """Never called: the function has its own rule."""

    define.__name__ = f"{name or function.__name__}_complex"
    COMPLEX[define.__name__] = Definition(function, define, on_pairs, signatures, domain or {}, options)


def _well_conditioned(function: Any, a: Array, *right: Array) -> Array:
    return function(a + (7 * np.eye(a.shape[-1])).astype(a.dtype), *right)


_function: Any
for _function in (np.real, np.imag, np.conjugate, np.negative, np.square, np.sum, np.mean, np.real_if_close):
    on_complex(_function, "(2,n)->")
for _function in (np.exp, np.sin, np.cos, np.sinh, np.cosh, np.tanh):
    on_complex(_function, "(2,n)->", domain={"a": SMALL})
for _function in (np.absolute, np.log, np.sqrt, np.reciprocal):
    on_complex(_function, "(2,n)->", domain={"a": nonzero})
on_complex(np.sign, "(2,n)->", domain={"a": nonzero})
on_complex(np.angle, "(2,n)->", domain={"a": nonzero}, deg=flag)
on_complex(np.add, "(2,n,m),(2,m)->")
on_complex(np.multiply, "(2,n,m),(2,m)->")
on_complex(np.multiply, "(2,n),(m,1)->", real=(1,), name="multiply_by_real")
on_complex(np.subtract, "(m,1),(2,n)->", real=(0,), name="subtract_from_real")
on_complex(np.true_divide, "(2,n,m),(2,m)->", domain={"b": nonzero})
on_complex(np.power, "(2,n)->", domain={"a": positive}, call=lambda f, a, b: f(a, b), b=Choice((2, 3, -1, 0.5, 0)))
on_complex(np.power, "(2,n),(2,n)->", domain={"a": Interval(0.0, 3.0), "b": SMALL}, name="power_of_power")
on_complex(np.prod, "(2,n)->", domain={"a": SMALL})
on_complex(np.var, "(2,n,2)->", axis=Choice((0, None)), ddof=Choice((0, 0.5)))
on_complex(np.std, "(2,n,2)->", axis=Choice((0, None)))
on_complex(np.linalg.norm, "(2,n,2)->", domain={"a": nonzero}, axis=Choice((None, 0)), ord=Choice((None,)))
on_complex(np.matmul, "(2,n,k),(2,k,m)->")
on_complex(np.dot, "(2,k),(2,k)->")
on_complex(np.vdot, "(2,n,k),(2,n,k)->")
on_complex(np.vecdot, "(2,n,k),(2,k)->")
on_complex(np.convolve, "(2,n),(2,k)->")
on_complex(np.correlate, "(2,4),(2,3)->", mode=Choice(("valid", "full", "same")))
on_complex(
    np.einsum, "(2,n,k),(2,k)->", call=lambda f, a, b, subscripts: f(subscripts, a, b), subscripts=Choice(("ij,j->i",))
)
on_complex(np.linalg.inv, "(2,n,n)->", call=_well_conditioned, domain={"a": Interval(-1.0, 1.0)})
on_complex(np.linalg.det, "(2,2,2)->", call=_well_conditioned, domain={"a": Interval(-1.0, 1.0)})
on_complex(
    np.linalg.slogdet, "(2,2,2)->", call=lambda f, a: _well_conditioned(f, a)[1], domain={"a": Interval(-1.0, 1.0)}
)
on_complex(np.linalg.solve, "(2,n,n),(2,n,1)->", call=_well_conditioned, domain={"a": Interval(-1.0, 1.0)})
on_complex(np.concatenate, "(2,n),(m)->", call=in_a_list, real=(1,))
on_complex(np.where, "(2,n),(n)->", call=lambda f, a, b: f(b > 0, a, b), real=(1,))

for _function in (np.fft.fft, np.fft.ifft):
    on_complex(_function, "(2,4,2)->", n=Choice((None, 3, 6)), axis=Choice((0, -1)), norm=NORMS)
for _function in (np.fft.rfft, np.fft.ihfft):
    on_complex(_function, "(4,3)->", real=(0,), n=Choice((None, 3, 6)), axis=Choice((0, -1)), norm=NORMS)
for _function in (np.fft.irfft, np.fft.hfft):
    on_complex(_function, "(2,3,4)->", n=Choice((None, 5, 3, 8)), axis=Choice((0, -1)), norm=NORMS)
for _function in (np.fft.fft2, np.fft.ifft2, np.fft.irfft2, np.fft.fftn, np.fft.ifftn, np.fft.irfftn):
    on_complex(_function, "(2,2,3)->", norm=NORMS)
for _function in (np.fft.rfft2, np.fft.rfftn):
    on_complex(_function, "(2,3)->", real=(0,), norm=NORMS)
on_complex(np.fft.fftn, "(2,2,3,2)->", axes=Choice(((0, 1), (2, 0))), s=Choice(((2, 3), (4, 2))), name="fftn_of_sizes")
for _function in (np.fft.fftshift, np.fft.ifftshift):
    on_complex(_function, "(2,n,3)->", axes=Choice((None, 0, (1,))))
