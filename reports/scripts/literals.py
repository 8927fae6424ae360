"""Arrays, options and names as Python writes them, for standalone scripts."""

from __future__ import annotations

import keyword
import re
from typing import Any

import numpy as np


def identifier(name: str) -> str:
    """A name in Python for an argument of any name."""
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) or plain in ("np", "sys") or not plain.isidentifier() else plain


def array_source(array: np.ndarray[Any, Any]) -> str:
    """A NumPy expression for exactly this array: repr round-trips float64."""
    values = re.sub(r"\b(nan|inf)\b", r"np.\1", repr(array.ravel().tolist()))
    return f"np.array({values}, dtype=np.{array.dtype}).reshape({array.shape!r})".replace("np.bool)", "bool)")


def options_source(options: Any) -> str:
    """A dict of options in Python."""
    items = (f"{name!r}: {_literal(value)}" for name, value in options.items())
    return f"{{{', '.join(items)}}}"


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return array_source(value)
    if isinstance(value, tuple):
        return f"({''.join(_literal(part) + ', ' for part in value)})"
    if isinstance(value, np.generic):
        return repr(value.item())
    return repr(value)
