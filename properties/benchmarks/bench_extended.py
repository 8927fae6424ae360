"""Extended arrays against bare balls, in one run: what the array class costs; and the check of a convolution."""

import operator

import numpy as np
import pytest
from flint import arb_mat

from backproof.engine.extended import balls, computing, extended
from backproof.engine.subjects import pair
from backproof.properties.judgement import Setting, Verdict
from backproof.properties.vjp_matches_differences import vjp_matches_differences
from backproof.strategies.points import Point

SIZE = 2000
BARE = {
    "add": lambda a, b: [x + y for x, y in zip(a, b, strict=True)],
    "multiply": lambda a, b: [x * y for x, y in zip(a, b, strict=True)],
    "divide": lambda a, b: [x / y for x, y in zip(a, b, strict=True)],
    "less": lambda a, b: [x < y for x, y in zip(a, b, strict=True)],
    "exp": lambda a, _: list(map(operator.methodcaller("exp"), a)),
    "tanh": lambda a, _: list(map(operator.methodcaller("tanh"), a)),
    "log": lambda _, b: list(map(operator.methodcaller("log"), b)),
    "sqrt": lambda _, b: list(map(operator.methodcaller("sqrt"), b)),
    "sin": lambda a, _: list(map(operator.methodcaller("sin"), a)),
}


@pytest.fixture
def numbers():
    rng = np.random.default_rng(0)
    with computing(balls, 256):
        yield extended(rng.normal(size=SIZE)) / 3, np.abs(extended(rng.normal(size=SIZE)) / 7)


@pytest.mark.parametrize("who", ["bare", "array"])
@pytest.mark.parametrize("name", BARE)
def bench_elementwise(benchmark, numbers, name, who):
    benchmark.group = f"{name} of {SIZE} numbers"
    a, b = numbers
    if who == "bare":
        benchmark(BARE[name], np.asarray(a).tolist(), np.asarray(b).tolist())
    else:
        ufunc = getattr(np, name)
        benchmark(ufunc, *((a, b) if ufunc.nin == 2 else (b,) if name in ("log", "sqrt") else (a,)))


@pytest.mark.parametrize("who", ["arb_mat or objects", "array"])
@pytest.mark.parametrize("shape", [(32, 32, 32), (64, 64, 64), (4, 50, 6), (1, 64, 64)], ids=str)
def bench_matrix_products(benchmark, shape, who):
    benchmark.group = f"product {shape}"
    m, k, n = shape
    rng = np.random.default_rng(0)
    with computing(balls, 256):
        a, b = extended(rng.normal(size=(m, k))) / 3, extended(rng.normal(size=(k, n))) / 3
        if who == "array":
            benchmark(operator.matmul, a, b)
        elif min(shape) >= 32:
            one, other = (arb_mat(*x.shape, np.asarray(x).ravel().tolist()) for x in (a, b))
            benchmark(operator.mul, one, other)
        else:
            benchmark(operator.matmul, np.asarray(a), np.asarray(b))


def columns(x):
    n, c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * h * w, c * 9)


def convolution_forward(x, w):
    n, _, height, width = x.shape
    cols = columns(x)
    return (cols @ w.reshape(len(w), -1).T).reshape(n, height, width, len(w)).transpose(0, 3, 1, 2), (cols, x.shape, w)


def convolution_backward(dout, cache):
    cols, (n, c, height, width), w = cache
    d = dout.transpose(0, 2, 3, 1).reshape(-1, len(w))
    spread = (d @ w.reshape(len(w), -1)).reshape(n, height, width, c, 3, 3)
    padded = np.zeros((n, c, height + 2, width + 2))
    for i in range(3):
        for j in range(3):
            padded[:, :, i : i + height, j : j + width] += spread[..., i, j].transpose(0, 3, 1, 2)
    return padded[:, :, 1:-1, 1:-1], (d.T @ cols).reshape(w.shape)


def bench_whole_check_of_a_convolution(benchmark):
    subject = pair(convolution_forward, convolution_backward, "(n,c,h,w),(f,c,3,3)->(n,f,h,w)")
    rng = np.random.default_rng(0)
    point = Point((rng.normal(size=(8, 3, 16, 16)), rng.normal(size=(8, 3, 3, 3))), {}, rng.normal(size=(8, 8, 16, 16)))
    judgement = benchmark(vjp_matches_differences.judge, subject, point, Setting())
    assert judgement.verdict is Verdict.PASSED
