"""Decisions are recorded at a point and replayed beside it: every difference is of one smooth piece."""

import numpy as np
import pytest

from backproof.engine import BackproofError
from backproof.engine.extended import (
    ACTUAL,
    Policy,
    arbiter,
    balls,
    computing,
    extended,
    recording,
    replaying,
    to_float,
)

FIRST, LAST, HALF = Policy("first"), Policy("last"), Policy("half")
pytestmark = pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda arithmetic: arithmetic.name)


def listed(*choices):
    return Policy("listed", choices)


def tied(forward, *point):
    """The number of alternatives of every tie that a forward meets at a point."""
    with recording() as log:
        forward(*(extended(p) for p in point))
    return log.tied


def slope(forward, point, direction, policy=ACTUAL):
    """The central difference along a direction, with the decisions of the point."""
    at, along, step = extended(point), extended(direction), extended(2.0) ** -85
    with recording(policy) as log:
        forward(at)
    ends = []
    for times in (1, -1):
        with replaying(log):
            ends.append(forward(at + times * step * along))
    return to_float((ends[0] - ends[1]) / (2 * step)).tolist()


def if_positive(x):
    return 5 * x if x > 0 else 7 * x


def until_positive(x):
    total = x
    while total <= 1e-41:
        total = total * -2
    return total


# A forward of a number, and its slopes at 1e-40 and at -1e-40.
KINKS = {
    "maximum(x, 0)": (lambda x: np.maximum(x, 0), 1, 0),
    "maximum(0, x)": (lambda x: np.maximum(0, x), 1, 0),
    "minimum(x, 0)": (lambda x: np.minimum(x, 0), 0, 1),
    "absolute": (lambda x: abs(x), 1, -1),
    "x sign(x)": (lambda x: x * np.sign(x), 1, -1),
    "max": (lambda x: np.max(np.stack([0 * x, x, -2 * x])), 1, -2),
    "min": (lambda x: np.min(np.stack([0 * x, x, -2 * x])), -2, 1),
    "clip": (lambda x: np.clip(3 * x, 0, 1), 3, 0),
    "where >": (lambda x: np.where(x > 0, 2 * x, 3 * x), 2, 3),
    "where <": (lambda x: np.where(x < 0, 2 * x, 3 * x), 3, 2),
    "where >=": (lambda x: np.where(x >= 0, 2 * x, 3 * x), 2, 3),
    "where <=": (lambda x: np.where(x <= 0, 2 * x, 3 * x), 3, 2),
    "where ==": (lambda x: np.where(x == 0, 2 * x, 3 * x), 3, 3),
    "where !=": (lambda x: np.where(x != 0, 2 * x, 3 * x), 2, 2),
    "times a mask": (lambda x: x * (x > 0), 1, 0),
    "logical_and": (lambda x: x * np.logical_and(x > 0, x > -1), 1, 0),
    "any": (lambda x: x * np.any(np.stack([x > 0, x > 1])), 1, 0),
    "truth of a number": (lambda x: np.where(x, 2 * x, 3 * x), 2, 2),
    "if": (if_positive, 5, 7),
    "while": (until_positive, 1, -2),
    "mask indexing": (lambda x: np.stack([x, 4 * x])[np.stack([x > 0, x <= 0])][0], 1, 4),
}


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("kink", KINKS)
def test_replayed_beside_a_kink(kink, side, arithmetic):
    forward, right, left = KINKS[kink]
    with computing(arithmetic, 256):
        assert slope(forward, side * 1e-40, 1.0) == (right if side > 0 else left)
        assert tied(forward, side * 1e-40) == ()


def test_without_a_replay_the_difference_straddles_the_kink(arithmetic):
    with computing(arithmetic, 256):
        x, step = extended(1e-40), extended(2.0) ** -85
        straddling = (np.maximum(x + step, 0) - np.maximum(x - step, 0)) / (2 * step)
        assert 0.4 < to_float(straddling) < 0.6


# A forward, a point on a kink, and the alternatives of its ties.
TIES = [
    (lambda x: np.maximum(x, 0), [0.0, 1.0, -0.0], (2, 2)),
    (lambda x: np.minimum(x, x), [1.0, 2.0], (2, 2)),
    (abs, [[0.0, 1.0]], (2,)),
    (np.sign, [0.0, -1.0], (2,)),
    (lambda x: x > 1, [1.0, 2.0, 0.5], (2,)),
    (lambda x: x != x, [1.0], (2,)),
    (np.max, [1.0, 1.0, 1.0], (3,)),
    (np.max, [1.0, 3.0, 2.0], ()),
    (np.min, [1.0, 3.0, 1.0], (2,)),
    (lambda x: np.max(x, axis=1), [[1.0, 1.0, 0.0], [4.0, 4.0, 4.0], [0.0, 1.0, 2.0]], (2, 3)),
    (lambda x: np.max(x, axis=0), [[1.0, 1.0], [1.0, 0.0]], (2,)),
    (lambda x: np.maximum(abs(x), x), [0.0, 1.0, -1.0], (2, 2, 2)),
    (lambda x: np.maximum(x, x[::-1]), [np.nan, 1.0], ()),
    (lambda x: x.sum() + x.mean() * np.exp(x), [0.0, 0.0], ()),
    (lambda x: np.where(np.array([True, False]), x, -x), [0.0, 0.0], ()),
    (lambda x: (x > 0).sum() > 1, [0.5, 0.25], ()),
    (lambda x: np.clip(x, 0, 1), [0.0, 0.5, 1.0], (2, 2)),
    (np.any, [0.0, 1.0], (2,)),
    (lambda x: x.astype(bool), [0.0, 1.0], (2,)),
    (lambda x: "yes" if x[0] else "no", [0.0, 1.0], (2,)),
]


@pytest.mark.parametrize(("forward", "point", "alternatives"), TIES)
def test_ties_are_recorded(forward, point, alternatives, arithmetic):
    with computing(arithmetic, 256):
        assert tied(forward, point) == alternatives


def test_overlapping_balls_are_tied(arithmetic):
    with computing(arithmetic, 256):
        third = extended(1.0) / 3
        assert tied(lambda x: third + third + third > x, 1.0) == (2,)
        assert tied(lambda x: third > x, 1 / 3) == ()


def squared_or_doubled(x):
    return np.where(x > 1, x * x, 2 * x - 1)


# A forward, a point on a kink, a direction, a policy, and the slope of the piece that it picks.
PIECES = [
    *((abs, 0.0, 1.0, policy, piece) for policy, piece in [(ACTUAL, 1), (FIRST, 1), (LAST, -1), (HALF, 0)]),
    *((abs, 0.0, 1.0, listed(i), piece) for i, piece in enumerate([1, -1])),
    *(
        (lambda x: np.maximum(x[0], x[1]), [2.0, 2.0], [1.0, 10.0], policy, piece)
        for policy, piece in [(ACTUAL, 1), (FIRST, 1), (LAST, 10), (HALF, 5.5), (listed(0), 1), (listed(1), 10)]
    ),
    *(
        (lambda x: np.minimum(x[0], x[1]), [2.0, 2.0], [1.0, 10.0], policy, piece)
        for policy, piece in [(ACTUAL, 1), (FIRST, 1), (LAST, 10), (HALF, 5.5), (listed(0), 1), (listed(1), 10)]
    ),
    *(
        (extremum, [1.0, 1.0, 1.0], [1.0, 10.0, 100.0], policy, piece)
        for extremum in (np.max, np.min)
        for policy, piece in [(ACTUAL, 1), (FIRST, 1), (LAST, 100), (HALF, 37), *((listed(i), 10**i) for i in range(3))]
    ),
    # The alternatives are the tied candidates alone, in order.
    *(
        (np.max, [0.0, 7.0, 5.0, 7.0], [1.0, 10.0, 100.0, 1000.0], policy, piece)
        for policy, piece in [(FIRST, 10), (LAST, 1000), (HALF, 505), (listed(0), 10), (listed(1), 1000)]
    ),
    *((lambda x: x * np.sign(x), 0.0, 1.0, policy, piece) for policy, piece in [(ACTUAL, 0), (FIRST, 1), (LAST, -1)]),
    *((lambda x: x * np.sign(x), 0.0, 1.0, policy, piece) for policy, piece in [(HALF, 0), (listed(1), -1)]),
    *((lambda x: x * (x > 0), 0.0, 1.0, policy, piece) for policy, piece in [(ACTUAL, 0), (FIRST, 1), (LAST, 0)]),
    *((lambda x: x * (x >= 0), 0.0, 1.0, policy, piece) for policy, piece in [(ACTUAL, 1), (FIRST, 1), (LAST, 0)]),
    *((lambda x: x * (x > 0), 0.0, 1.0, policy, piece) for policy, piece in [(HALF, 0), (listed(0), 1)]),
    *((lambda x: x * (x >= 0), 0.0, 1.0, policy, piece) for policy, piece in [(HALF, 1), (listed(1), 0)]),
    *((squared_or_doubled, 1.0, 1.0, policy, 2) for policy in (ACTUAL, FIRST, LAST, HALF)),
    # One choice for each tie, in the order in which they were met; entries that are not tied keep their piece.
    (lambda x: np.maximum(x, 0), [0.0, 5.0, -5.0, 0.0], [1.0] * 4, listed(0, 1), [1, 1, 0, 0]),
    (lambda x: np.maximum(x, 0), [0.0, 5.0, -5.0, 0.0], [1.0] * 4, listed(1, 0), [0, 1, 0, 1]),
    (lambda x: np.maximum(x, 0), [0.0, 5.0, -5.0, 0.0], [1.0] * 4, HALF, [0.5, 1, 0, 0.5]),
    (lambda x: abs(x) + np.maximum(x, 0), [0.0, 1.0], [1.0, 1.0], listed(1, 0), [0, 2]),
    (lambda x: np.max(x, axis=1), [[3.0, 3.0, 3.0], [1.0, 2.0, 0.0]], [[1.0, 2.0, 4.0]] * 2, LAST, [4, 2]),
    (lambda x: np.max(x, axis=1), [[3.0, 1.0, 3.0], [2.0, 2.0, 2.0]], [[1.0, 2.0, 6.0]] * 2, HALF, [3.5, 3]),
    (lambda x: np.max(x, axis=1), [[3.0, 1.0, 3.0], [2.0, 2.0, 2.0]], [[1.0, 2.0, 6.0]] * 2, listed(1, 1), [6, 2]),
]


@pytest.mark.parametrize(("forward", "point", "direction", "policy", "piece"), PIECES)
def test_policies_pick_the_piece(forward, point, direction, policy, piece, arithmetic):
    with computing(arithmetic, 256):
        np.testing.assert_allclose(slope(forward, point, direction, policy), piece, rtol=1e-15)


def test_policies_worth_trying(arithmetic):
    uniform = (ACTUAL, FIRST, LAST, HALF)
    with computing(arithmetic, 256), recording() as log:
        np.exp(extended([1.0]))
        assert log.policies() == ((ACTUAL,), True)
        np.maximum(extended([0.0, 1.0]), 0)
        assert log.policies() == ((*uniform, listed(0), listed(1)), True)
        np.max(extended([2.0, 2.0, 2.0]))
        assert log.policies() == ((*uniform, *(listed(i, j) for i in range(2) for j in range(3))), True)
        assert log.policies(most=6)[1]
        assert log.policies(most=5) == (uniform, False)
        abs(extended(np.zeros(100)))
        assert log.policies() == (uniform, False)


@pytest.mark.parametrize("point", [1e-40, -1e-40, 0.0])
@pytest.mark.parametrize("kink", [kink for kink in KINKS if kink != "while"])  # which never ends at 0
def test_a_replay_at_the_point_itself_changes_nothing(kink, point, arithmetic):
    forward = KINKS[kink][0]
    with computing(arithmetic, 256):
        alone = forward(extended(point))
        with recording() as log:
            recorded = forward(extended(point))
        with replaying(log):
            replayed = forward(extended(point))
        assert to_float(alone) == to_float(recorded) == to_float(replayed)
        with recording() as after:
            np.sign(extended(1.0))
        assert len(after.decisions) == 1  # the replay has ended


# What a forward does when it is recorded, and when it is replayed; what the error says.
OTHER_PATHS = {
    "another kind": (lambda x: np.maximum(x, 0), lambda x: np.minimum(x, 0), "by minimum .* by maximum"),
    "another comparison": (lambda x: x > 0, lambda x: x >= 0, "by greater_equal .* by greater of shape"),
    "another order": (lambda x: np.sign(abs(x)), lambda x: abs(np.sign(x)), "by sign .* by absolute"),
    "one more": (lambda x: x > 0, lambda x: (x > 0) & (x < 1), "by less .* by nothing more"),
    "a first one": (lambda x: x, abs, "by absolute .* by nothing more"),
    "one less": (lambda x: (x > 0) & (x < 1), lambda x: x > 0, "less"),
    "another shape": (lambda x: np.maximum(x[:1], 0), lambda x: np.maximum(x, 0), "shape"),
    "another length": (lambda x: np.max(x[:2]), np.max, "shape"),
}


@pytest.mark.parametrize("path", OTHER_PATHS)
def test_another_path_when_replayed_is_an_error(path, arithmetic):
    recorded, replayed, message = OTHER_PATHS[path]
    with computing(arithmetic, 256):
        x = extended([0.25, -0.5, 0.75])
        with recording() as log:
            recorded(x)
        with pytest.raises(BackproofError, match=message), replaying(log):
            replayed(x)
