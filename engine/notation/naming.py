"""How values are written: by a text that they carry, or as what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .brackets import grouped


@dataclass(frozen=True)
class Text:
    """Stands in for a value that is only written, never computed."""

    text: str


def text_of(value: Any) -> str:
    """How a value is written: its own text if it carries one, a number as it is, any other array as ``c``."""
    text = getattr(value, "text", None)
    if isinstance(text, str):
        return text
    if isinstance(value, tuple | list):
        parts = [text_of(part) for part in value]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})" if isinstance(value, tuple) else f"[{', '.join(parts)}]"
    if isinstance(value, np.ndarray) and value.dtype.kind == "i" and np.array_equal(value, np.arange(value.size)):
        return f"arange({value.size})"
    if np.ndim(value) == 0:
        return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
    return "c"


def core_of(value: Any) -> str:
    """How a value is written in an elementwise product, where it need not be repeated first."""
    core = getattr(value, "core", None)
    return core if isinstance(core, str) else text_of(value)


def operand(value: Any) -> str:
    """The text of a value, in parentheses where a product would otherwise tear it apart."""
    return grouped(text_of(value))
