"""Rebinding in place: what is replaced while code runs extended, and that everything is put back."""

import functools
import importlib
import math
import sys
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy import exp as exponential

from backproof.engine.extended import (
    ExtendedArray,
    balls,
    computing,
    decimals,
    extended,
    rebound,
    released,
    stripped,
    with_rounding_errors,
)
from backproof.engine.extended.twins import homes

TABLE = np.array([0.1, 0.2, 0.3])
ACTIVATIONS = {"exp": np.exp, "tanh": np.tanh, "nested": [np.log, {"root": np.sqrt}]}
HALVED = functools.partial(np.multiply, 0.5)
CACHE: dict[int, object] = {}
HISTORY: list[object] = []
LARGE = np.zeros(100_000)


@functools.lru_cache
def cached_table(n):
    return np.log(np.arange(1, n + 1))


@dataclass
class Layer:
    weights: np.ndarray = field(default_factory=lambda: np.array([2.0]))
    steps: int = 0

    def __call__(self, x):
        self.steps += 1
        self.last = x
        self.weights += x[:1]
        return x * self.weights


LAYER = Layer()


def uses_everything(x, activation=np.tanh, table=(np.sin, 3)):
    HISTORY.append(x)
    CACHE[len(HISTORY)] = x
    buffer = np.zeros(3)
    buffer[:] = x * TABLE + math.sqrt(2.0) * np.pi + math.exp(x[0])
    buffer += ACTIVATIONS["exp"](x) + ACTIVATIONS["nested"][1]["root"](2.0) + HALVED(x) + cached_table(3)
    buffer += LARGE[:3]
    return LAYER(buffer) + activation(0.5) + table[0](1.0) + exponential(1.0) + float(x[1]) + 1.0 / len(x)


def digits_of(result):
    assert isinstance(result, ExtendedArray)
    assert stripped(result).dtype == object
    return decimals(result, 60)


def test_what_names_lead_to_is_extended_and_everything_is_put_back():
    namespace = dict(globals())
    before = (CACHE.copy(), HISTORY.copy(), TABLE.copy(), vars(LAYER).copy(), uses_everything.__defaults__)
    with computing(balls, 256), rebound(uses_everything):
        x = extended(np.array([0.5, 0.25, -1.0]))
        digits = digits_of(uses_everything(x))
        assert np.pi is not math.pi
    assert np.pi == math.pi
    assert {name: value for name, value in globals().items() if not name.startswith("__")} == {
        name: value for name, value in namespace.items() if not name.startswith("__")
    }
    assert before[0] == CACHE == {}
    assert before[1] == HISTORY == []
    assert np.array_equal(before[2], TABLE)
    assert vars(LAYER) == before[3]
    assert uses_everything.__defaults__ == before[4]
    assert type(cached_table(3)) is np.ndarray
    native = uses_everything(np.array([0.5, 0.25, -1.0]))
    assert np.allclose([float(d) for d in digits], native, rtol=1e-14)
    CACHE.clear()
    HISTORY.clear()
    LAYER.weights, LAYER.steps = np.array([2.0]), 0


def test_names_lead_to_numpy_again_where_they_are_released():
    with computing(balls, 256), rebound(uses_everything):
        assert isinstance(np.zeros(2), ExtendedArray)
        with released():
            assert type(np.zeros(2)) is np.ndarray
            assert 1.5 == 1.5
        assert isinstance(np.zeros(2), ExtendedArray)
    assert type(np.zeros(2)) is np.ndarray


def test_everything_is_put_back_where_the_run_fails():
    with pytest.raises(KeyError), computing(balls, 256), rebound(uses_everything):
        raise KeyError
    assert type(np.zeros(2)) is np.ndarray
    assert type(TABLE) is np.ndarray


def test_a_dataset_that_a_name_leads_to_is_left_alone():
    with computing(balls, 256), rebound(uses_everything):
        assert type(LARGE) is np.ndarray
        assert isinstance(TABLE, ExtendedArray)


def test_floats_stay_classes():
    with computing(balls, 256), rebound(uses_everything):
        assert isinstance(1.0, float)
        assert not isinstance("1", float)
        assert np.zeros(2, dtype=float).dtype == np.float64
        assert np.dtype(float) == np.dtype("f8")
        assert (extended(np.ones(2)) > 0).astype(float).dtype == np.float64
        assert math.floor(extended(2.5)) == 2
        assert range(len(extended(np.ones(3))))[-1] == 2


def test_rounding_errors_can_be_switched_on():
    with computing(with_rounding_errors(balls, 2.0**-20, 0), 256):
        x = extended(np.ones(50)) * 3
    with computing(balls, 256):
        off = [abs(float(d) - 3) for d in decimals(x, 30)]
    assert 2**-23 < max(off) <= 3 * 2**-20


def test_a_module_of_their_own_is_followed_where_it_is_imported_whole(tmp_path, monkeypatch):
    (tmp_path / "their_helpers.py").write_text(
        "import numpy as np\nfrom math import exp\n\n\ndef ones(n):\n    return np.ones(n)\n\n\n"
        "def unused():\n    return exp(1)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    helpers = importlib.import_module("their_helpers")
    monkeypatch.setitem(globals(), "helpers", helpers)

    def mine(n):
        return globals_of_mine(n)

    def globals_of_mine(n):
        return helpers.ones(n)

    own, exp = np.ones, helpers.exp
    with computing(balls, 128), rebound(mine):
        assert isinstance(mine(2), ExtendedArray)
        assert helpers.exp is exp
    assert helpers.np.ones is own


def test_code_that_looks_names_up_by_strings_has_all_of_them_extended():
    def by_name(name):
        return globals()[name]

    with computing(balls, 128), rebound(by_name):
        assert isinstance(by_name("TABLE"), ExtendedArray)
    assert type(TABLE) is np.ndarray


def test_packages_are_left_alone_wherever_they_are_installed(tmp_path, monkeypatch):
    installed = tmp_path / "elsewhere" / "dist-packages"
    installed.mkdir(parents=True)
    (installed / "their_package.py").write_text("import numpy as np\n\n\ndef scaled(x):\n    return np.ones(3) * x\n")
    monkeypatch.syspath_prepend(str(installed))
    theirs = importlib.import_module("their_package")

    def mine(x):
        return theirs_scaled(x)

    theirs_scaled, numpy = theirs.scaled, sys.modules["numpy"]
    with computing(balls, 128), rebound(mine):
        assert theirs.np is numpy
    monkeypatch.setattr(homes, "_INSTALLED", ())
    own = numpy.asarray
    with computing(balls, 128), rebound(numpy.linalg.norm, mine):
        assert numpy.asarray is own
