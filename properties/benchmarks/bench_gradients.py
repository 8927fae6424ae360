"""The engine's gradient against HIPS autograd (small arrays) and hand-written NumPy (large ones)."""

import numpy as np
import pytest

from backproof.engine.transforms import grads

from .networks import Sizes, arrays, by_hand, in_autograd, loss, plain_loss

SMALL, LARGE = Sizes(8, 16, 32, 10), Sizes(256, 512, 512, 10)


def ours(*given):
    return grads(loss, *given)


def ours_without_fusing(*given):
    return grads(plain_loss, *given)


WAYS = {"by hand": by_hand, "backproof": ours, "backproof, nothing fused": ours_without_fusing}


def way(name):
    if name == "autograd":
        pytest.importorskip("autograd")
        return in_autograd()
    return WAYS[name]


@pytest.mark.parametrize("sizes", [SMALL, LARGE], ids=str)
@pytest.mark.parametrize("name", [*WAYS, "autograd"])
def bench_gradient(benchmark, name, sizes):
    benchmark.group = f"gradient of an MLP, {sizes}"
    given, gradient = arrays(sizes), way(name)
    for mine, theirs in zip(gradient(*given), by_hand(*given), strict=False):
        assert np.allclose(mine, theirs)
    benchmark(gradient, *given)
