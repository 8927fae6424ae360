"""``float``, ``np.float64`` and ``np.float32`` as code calls them: on an extended number they leave it as it is.

They must stay classes, for ``isinstance(eps, float)`` and for ``dtype=float``. Narrowing to float32 is ignored
here: what it does to the arithmetic is another property's question.
"""

from __future__ import annotations

from abc import ABC
from typing import Any

import numpy as np

from ..array import ExtendedArray, extended
from ..lifting import stores_numbers, stripped


def _number(value: Any) -> Any:
    if isinstance(value, ExtendedArray):
        return value if stores_numbers(stripped(value)) else extended(value)
    return extended(float(value) if isinstance(value, str) else value)


class Float(ABC):  # an abstract class, because float itself is then registered as one of its kind
    """``float``"""

    dtype = np.dtype(float)

    def __new__(cls, value: Any = 0.0) -> Any:
        return _number(value)


class Float64(ABC):
    """``np.float64``"""

    dtype = np.dtype(np.float64)

    def __new__(cls, value: Any = 0.0) -> Any:
        return _number(value)


class Float32(ABC):
    """``np.float32``"""

    dtype = np.dtype(np.float32)

    def __new__(cls, value: Any = 0.0) -> Any:
        return _number(value)


Float.register(float)
Float64.register(np.float64)
Float32.register(np.float32)

FLOATS: dict[Any, Any] = {float: Float, np.float64: Float64, np.float32: Float32}
