"""One operation of a tape as a person would write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backproof.engine.notation.brackets import ATOM, binding

SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "matmul": "@", "power": "**"}
SHOWN = ("axis", "keepdims")  # keywords


def spelled(name: str, operands: Sequence[str], keywords: Mapping[str, Any] | None = None) -> str:
    """An operation with its operands, bracketed where they must be."""
    if name in SIGNS and len(operands) == 2:
        shown = [f"({text})" if binding(text) < ATOM else text for text in operands]
        return f" {SIGNS[name]} ".join(shown)
    if name == "getitem":
        return f"{bracketed(operands[0])}[...]"
    if name == "einsum" and keywords:
        operands = [repr(keywords["subscripts"]), *operands]
    said = [f"{key}={value!r}" for key, value in (keywords or {}).items() if key in SHOWN]
    return f"{name}({', '.join([*operands, *said])})"


def bracketed(text: str) -> str:
    """In brackets, where something else would bind stronger."""
    return text if binding(text) == ATOM else f"({text})"
