"""The weights of attention."""

from __future__ import annotations

from typing import Any

import numpy as np


def masked_softmax(scores: Any, seen: Any) -> Any:
    """Softmax along the last axis over the scores that are ``seen``, and zero elsewhere; zeros where none is seen."""
    seen_scores = np.where(seen, scores, -np.inf)
    largest = np.max(seen_scores, axis=-1, keepdims=True)
    weights = np.exp(seen_scores - np.where(np.isfinite(largest), largest, 0))
    total = np.sum(weights, axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1)
