"""The engine's gradients, beside hand-written NumPy, HIPS autograd and torch on one thread, in one run.

``forward`` is the loss alone: what a gradient costs is counted in it.
"""

import numpy as np
import pytest

from backproof.engine.transforms import grads

from .networks import cnn, lstm, mlp

NETWORKS = {"MLP": mlp, "CNN": cnn, "LSTM": lstm}
WAYS = ("forward", "by hand", "backproof", "backproof, nothing fused", "autograd", "torch")


def way(name, network):
    """The gradient of a network's loss with respect to all arrays but the labels, as a function of them."""
    match name:
        case "forward":
            return network.loss
        case "by hand":
            return network.by_hand
        case "backproof":
            return lambda *given: grads(network.loss, *given)
        case "backproof, nothing fused":
            return lambda *given: grads(network.plain_loss, *given)
        case "autograd":
            autograd, loss = pytest.importorskip("autograd"), network.in_autograd()
            gradient = autograd.grad(lambda floats, labels: loss(*floats, labels))
            return lambda *given: gradient(given[:-1], given[-1])
        case "torch":
            return in_torch(network.in_torch())


def in_torch(loss):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)

    def gradient(*given):
        *floats, labels = (torch.from_numpy(array) for array in given)
        floats = [array.requires_grad_() for array in floats]
        return [array.numpy() for array in torch.autograd.grad(loss(*floats, labels), floats)]

    return gradient


@pytest.mark.parametrize("size", ["SMALL", "LARGE"])
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", WAYS)
def bench_gradient(benchmark, name, network, size):
    module = NETWORKS[network]
    sizes = getattr(module, size)
    benchmark.group = f"gradient of the {network}, {sizes}"
    given, gradient = module.arrays(sizes), way(name, module)
    if name != "forward":
        for mine, theirs in zip(gradient(*given), module.by_hand(*given), strict=False):
            np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-12)
    benchmark(gradient, *given)
