"""A verdict to 30 digits, against torch's gradcheck in float64, on the same network in the same run."""

import numpy as np
import pytest

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import append, empty_stack, stack_subject
from backproof.properties.judgement import Setting, Verdict
from backproof.properties.vjp_matches_differences import vjp_matches_differences
from backproof.strategies.points import Point

from .networks.mlp import Sizes, arrays, torch_gradcheck

SIZES = [Sizes(8, 16, 32, 10), Sizes(32, 64, 128, 10)]


def our_check(sizes):
    stack = empty_stack((sizes.batch, sizes.inputs))
    for layer, width in (
        (LAYERS["affine"], sizes.hidden),
        (LAYERS["relu"], 0),
        (LAYERS["affine"], sizes.classes),
        (LOSSES["softmax_cross_entropy"], 0),
    ):
        stack = append(stack, layer, width, {})
    subject, point = stack_subject(stack), Point(arrays(sizes), {}, np.array(1.0))
    return lambda: vjp_matches_differences.judge(subject, point, Setting())


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def bench_backproof(benchmark, sizes):
    benchmark.group = f"verdict on an MLP, {sizes}"
    judgement = benchmark.pedantic(our_check(sizes), rounds=5, warmup_rounds=1)
    assert judgement.verdict is Verdict.PASSED
    assert judgement.digits >= 30


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def bench_torch_gradcheck(benchmark, sizes):
    pytest.importorskip("torch")
    benchmark.group = f"verdict on an MLP, {sizes}"
    assert benchmark.pedantic(torch_gradcheck(sizes), rounds=3, warmup_rounds=0)
