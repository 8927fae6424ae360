"""All operations by name, and what is known of some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .activations import ACTIVATIONS
from .arithmetic import NUMERIC
from .comparisons import COMPARING
from .convolutions import CONVOLUTIONS
from .creation import CREATION
from .indexing import INDEXING
from .linalg import LINALG
from .losses import LOSSES
from .moving import MOVING
from .normalisations import NORMALISATIONS
from .ordering import ORDERING
from .pooling import POOLING
from .products import PRODUCTS
from .reductions import REDUCTIONS
from .views import VIEWS

OPERATIONS: Mapping[str, Callable[..., Any]] = {
    **ACTIVATIONS,
    **NUMERIC,
    **COMPARING,
    **CONVOLUTIONS,
    **CREATION,
    **INDEXING,
    **LINALG,
    **LOSSES,
    **MOVING,
    **NORMALISATIONS,
    **ORDERING,
    **POOLING,
    **PRODUCTS,
    **REDUCTIONS,
    **VIEWS,
}

# Checks of what a run on floats would raise for: there is nothing to compute.
SILENT = frozenset(["_assert_async", "_assert_scalar", "_assert_tensor_metadata", "_linalg_check_errors"])

# In-place forms that change a shape and no number: what comes out is a view, and nothing is written.
RESHAPING = frozenset(["squeeze_", "unsqueeze_", "t_", "transpose_"])

# Operations whose results depend on whether a matrix stands row by row in torch's memory.
BY_MEMORY = frozenset(["_linalg_det", "_linalg_slogdet"])

# Keywords about where and how torch stores a result.
STORAGE = frozenset(
    ["dtype", "layout", "device", "pin_memory", "memory_format", "non_blocking", "implicit", "generator"]
)


def lifts_operands(name: str) -> bool:
    """Whether integer operands of a real result are numbers to compute with, and no indices or sizes."""
    return name in NUMERIC


def implementation(packet: str, overload: str) -> Callable[..., Any] | None:
    """What computes an operation, or the overload of it that differs from the others; None if nothing does."""
    return OPERATIONS.get(f"{packet}.{overload}") or OPERATIONS.get(packet)
