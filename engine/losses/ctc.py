"""Connectionist temporal classification: labels, without knowing when."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from ..domains import Labels
from ..subjects import layer


@layer("(5,3),(3)->()", domain={"labels": Labels(2)})
def ctc(z: Any, labels: Any) -> Any:
    """``-log(p)``, with the probability ``p`` of all paths that say the labels; z are logits (time, classes).

    The last class is the blank. A path says what is left of it without repetitions, then without blanks.

    Raises ValueError where there is no path: where times are too few to say the labels in.
    Source: A. Graves et al., Connectionist Temporal Classification, ICML 2006, equations 6 to 8, in logarithms.
    """
    states = _states(z, labels)
    return -_total(_ways(z - np.logaddexp.reduce(z, axis=1, keepdims=True), states), len(z), len(states))


@ctc.pullback
def ctc(z: Any, labels: Any) -> Any:
    """``gamma_tk`` is the share in ``p`` of the paths that are in class k at time t: ``alpha beta / (p s_tk)``, summed
    over the states of the class, for ways ``alpha`` from the beginning and ``beta`` from the end, ``s = softmax(z)``.

    Differential: ``dp / p = sum(gamma * d(log s))``, as a path is a product of ``s_tk``, and
    ``d(log s) = dz - 1 s^T dz``, row by row.

    Trace form: ``dL = -tr(gamma^T dz) + tr(s^T dz)``, as each row of ``gamma`` sums to one.

    Gradient: ``s - gamma``.
    """
    (times, classes), states = z.shape, _states(z, labels)
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_s = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    alpha, beta = _ways(log_s, states), _ways(log_s[::-1], states[::-1])
    total = _total(alpha, times, len(states))

    def occupied(t: int, k: int) -> Any:
        there = [((t, s), (times - 1 - t, len(states) - 1 - s)) for s, state in enumerate(states) if state == k]
        through = [alpha[one] + beta[other] for one, other in there if one in alpha and other in beta]
        return sum((np.exp(both - log_s[t, k] - total) for both in through), start=0 * z[t, k])

    gamma = np.stack([np.stack([occupied(t, k) for k in range(classes)]) for t in range(times)])
    return -total, lambda ct: (ct * (np.exp(log_s) - gamma), None)


def _states(z: Any, labels: Any) -> list[int]:
    """The labels, with a blank before and behind each."""
    blank = z.shape[1] - 1
    return [blank, *(state for label in labels for state in (int(label), blank))]


def _ways(log_s: Any, states: list[int]) -> dict[tuple[int, int], Any]:
    """By time t and number s of a state the logarithm of the probability of all ways to be there, if there are any.

    A way stays, goes on to the next state, or leaves out a blank between two different labels.
    """
    ways: dict[tuple[int, int], Any] = {(-1, 0): 0}
    for t in range(len(log_s)):
        for s, state in enumerate(states):
            steps = 3 if s > 1 and state not in (states[0], states[s - 2]) else 2
            before = [ways[t - 1, s - step] for step in range(steps) if (t - 1, s - step) in ways]
            if before:
                ways[t, s] = log_s[t, state] + reduce(np.logaddexp, before)
    return ways


def _total(ways: dict[tuple[int, int], Any], times: int, count: int) -> Any:
    """The logarithm of the probability of all ways to the last label, or to the blank behind it."""
    ends = [ways[times - 1, s] for s in (count - 2, count - 1) if (times - 1, s) in ways]
    if not ends:
        raise ValueError(
            f"z has {times} rows, too few to say {count // 2} labels. Give one for each, and one more between equals."
        )
    return reduce(np.logaddexp, ends)
