"""softmax, log_softmax and logsumexp of scipy.special, whose own code converts what it is handed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .creation import as_extended_array


def _logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    terms = np.exp(as_extended_array(a))  # no shift is needed: extended-precision exponents do not overflow
    total = np.sum(terms if b is None else terms * as_extended_array(b), axis=axis, keepdims=keepdims)
    return (np.log(np.abs(total)), np.sign(total)) if return_sign else np.log(total)


def _softmax(x: Any, axis: Any = None) -> Any:
    terms = np.exp(as_extended_array(x))
    return terms / np.sum(terms, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Any = None) -> Any:
    return as_extended_array(x) - _logsumexp(x, axis, keepdims=True)


OF_SCIPY: dict[str, Callable[..., Any]] = {
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
}
