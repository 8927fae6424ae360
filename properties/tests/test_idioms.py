"""What becomes of NumPy idioms in an extended run: right, refused by name, or seen to lose digits; never silent."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import zlib

import mpmath
import numpy as np
import pytest

from backproof.engine.errors import NotExtendable
from backproof.engine.extended import (
    ExtendedArray,
    Leak,
    active,
    arbiter,
    balls,
    computing,
    decimals,
    entered,
    extended,
    probe,
    rebound,
    recording,
    replaying,
    stripped,
    to_float,
)
from backproof.properties.tests import idioms

# Refused: NotExtendable, or an error of the code itself, which the verifier reports as "runs on floats only".
REFUSED = {
    *("general_eigenvalues", "structured_array_of_states"),
    *("bit_pattern_of_the_sign", "bytes_and_back", "polynomial_roots", "polyfit_of_a_line"),
    *("seeded_permutation_of_rows", "nditer_with_multi_index", "apply_over_axes_of_sum", "vectorize_with_a_signature"),
    *("least_squares", "einsum_with_index_lists", "histogram_with_weights", "huber_of_scipy"),
    *("erfinv_of_probabilities", "dtype_type_and_itemsize"),
}
# Dropped: the probe names a line, or the extended run and the native one do not agree.
DROPPED = {
    *("formatted_value_in_a_message", "isinstance_of_float", "isinstance_of_np_floating"),
    "isinstance_of_numbers_real",
}


def collected():
    for info in pkgutil.iter_modules(idioms.__path__):
        module = importlib.import_module(f"{idioms.__name__}.{info.name}")
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                yield pytest.param(function, id=f"{info.name}.{name}")


IDIOMS = list(collected())


def arguments(function):
    rng = np.random.default_rng(zlib.crc32(function.__name__.encode()))
    a = rng.normal(size=(4, 4))
    values = {
        "x": rng.normal(size=(3, 4)),
        "p": rng.uniform(0.2, 2, size=(3, 4)),
        "v": rng.normal(size=4),
        "w": rng.normal(size=(4, 3)),
        "m": a @ a.T + 4 * np.eye(4),
        "s": np.float64(0.7 + rng.uniform(0, 0.01)),
        "t": rng.normal(size=(2, 3, 4)),
    }
    return [values[name] for name in inspect.signature(function).parameters]


def numbers_of(result):
    """What an idiom returned, as an extended array; a float array is lifted, as in the verifier."""
    return (
        result if isinstance(result, ExtendedArray) and stripped(result).dtype == object else extended(entered(result))
    )


def becomes(function):
    """What becomes of an idiom, and where it is right, its values, digits, and a directional derivative."""
    given = arguments(function)
    native = np.asarray(function(*(np.copy(a) for a in given)), dtype=float)
    runs = []
    try:
        for arithmetic in (balls, arbiter):
            with computing(arithmetic, 256), rebound(function):
                result = numbers_of(function(*map(extended, given)))
                runs.append((to_float(result), decimals(result, 45)))
        with computing(balls, 256), rebound(function):
            slope = difference_quotient(function, given)
    except NotExtendable:
        return "refused", None
    except (TypeError, AttributeError, IndexError, AssertionError) as error:
        return f"refused: {error}", None
    (floats, digits), (_, again) = runs
    if floats.shape != native.shape or not np.allclose(floats, native, rtol=1e-11, atol=1e-12):
        return "dropped", None
    try:
        with computing(probe, 128), rebound(function):
            function(*map(extended, given))
    except Leak:
        return "dropped", None
    return "right", (digits, again, slope, native_slope(function, given))


def direction(a, rng):
    return rng.uniform(0.5, 1.0, size=np.shape(a)) * rng.choice([-1.0, 1.0], size=np.shape(a))


def difference_quotient(function, given):
    """Along a direction, in extended precision: a leak to float64 makes it zero or enormous."""
    rng = np.random.default_rng(0)
    step = active().lift(1) / active().lift(2**85)
    moves = [extended(direction(a, rng)) * step for a in given]
    with recording() as log:
        function(*map(extended, given))
    ends = []
    for move in (np.add, np.subtract):
        with replaying(log):
            ends.append(numbers_of(function(*(move(extended(a), d) for a, d in zip(given, moves, strict=True)))))
    return to_float((ends[0] - ends[1]) / (2 * step))


def native_slope(function, given, step=1e-6):
    rng = np.random.default_rng(0)
    moves = [direction(a, rng) * step for a in given]
    ahead = np.asarray(function(*(a + d for a, d in zip(given, moves, strict=True))))
    behind = np.asarray(function(*(a - d for a, d in zip(given, moves, strict=True))))
    return (ahead - behind) / (2 * step)


@pytest.mark.parametrize("function", IDIOMS)
def test_every_idiom_is_right_or_refused_or_seen_to_lose_digits(function):
    name = function.__name__
    fate, found = becomes(function)
    expected = "refused" if name in REFUSED else "dropped" if name in DROPPED or "narrowing" in name else "right"
    assert fate.startswith(expected)
    if found is None:
        return
    digits, again, slope, native = found
    context = mpmath.MPContext()
    context.prec = 300
    for a, b in zip(digits, again, strict=True):
        assert abs(context.mpf(a) - context.mpf(b)) <= context.mpf(10) ** -40 * max(1, abs(context.mpf(b)))
    scale = max(1.0, np.max(np.abs(native), initial=0))
    assert np.allclose(slope, native, rtol=1e-4, atol=2e-5 * scale), "a leak to float64 that nothing noticed"


def test_there_are_idioms_enough():
    names = {param.values[0].__name__ for param in IDIOMS}
    assert len(names) >= 600
    assert names >= REFUSED | DROPPED
