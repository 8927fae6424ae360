"""``backproof demo digits``: train a network on real data, and verify its gradient on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click
import numpy as np
from rich.console import Console

from backproof.engine.errors import BackproofError
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import Stack, append, empty_stack, penalized, stack_subject
from backproof.engine.transforms import grads
from backproof.properties.judgement import Judgement, Setting, Verdict
from backproof.properties.vjp_matches_differences import vjp_matches_differences
from backproof.strategies.points import Point

Array = np.ndarray
BATCH, HIDDEN, RATE, STRENGTH = 32, 64, 0.3, 1e-4


@click.group()
def demo() -> None:
    """Real runs, small enough to watch."""


@demo.command()
@click.option("--epochs", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--verify", type=click.IntRange(min=1), default=5, show_default=True, help="Minibatches to verify.")
@click.option("--seed", type=int, default=0, show_default=True)
def digits(epochs: int, verify: int, seed: int) -> None:
    """Train affine-relu-affine-softmax-cross-entropy with L2 on handwritten digits by the engine's own gradients.

    On some real minibatches along the way, the gradient of the whole loss is verified in extended precision.
    Exit code 1 if one of them is not confirmed.
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        train_x, test_x, train_labels, test_labels = _digits(seed)
    except BackproofError as error:
        click.echo(f"backproof: {error}", err=True)
        sys.exit(2)
    source = np.random.default_rng(seed)
    stack = _network(train_x.shape[1], classes=10)
    weights = _initial(stack, source)
    steps = epochs * (len(train_x) // BATCH)
    chosen = set(np.linspace(0, steps - 1, verify).astype(int).tolist())
    console.print(f"{stack.name}: {sum(w.size for w in weights)} weights, {steps} steps of {BATCH} digits")
    judgements = []
    for step, rows in enumerate(_batches(len(train_x), epochs, source)):
        x, labels = train_x[rows], train_labels[rows]
        if step in chosen:
            judgements.append(_verified(stack, x, weights, labels))
            loss, accuracy = stack.forward(x, *weights, labels), _accuracy(stack, weights, test_x, test_labels)
            console.print(f"step {step:>4}  loss {loss:.4f}  test accuracy {accuracy:.1%}  {_said(judgements[-1])}")
        gradients: Any = grads(stack.forward, x, *weights, labels)[1:-1]
        weights = [w - RATE * g for w, g in zip(weights, gradients, strict=True)]
    console.print(f"test accuracy {_accuracy(stack, weights, test_x, test_labels):.1%}")
    sys.exit(0 if all(judgement.verdict is Verdict.PASSED for judgement in judgements) else 1)


def _digits(seed: int) -> tuple[Array, Array, Array, Array]:
    """Training and test images (rows of 64 values from 0 to 1), and labels; BackproofError without scikit-learn."""
    try:
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split
    except ImportError as error:
        raise BackproofError(
            "the handwritten digits come with scikit-learn, which is not installed. Run: pip install 'backproof[demo]'"
        ) from error
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_labels, test_labels = train_test_split(
        images / 16, labels, test_size=0.25, random_state=seed
    )
    return train_x, test_x, train_labels, test_labels


def _network(features: int, classes: int) -> Stack:
    """The stack of layers, its loss, and an L2 penalty on each matrix of weights."""
    stack: Stack | None = empty_stack((BATCH, features))
    for layer, width in ((LAYERS["affine"], HIDDEN), (LAYERS["relu"], 0), (LAYERS["affine"], classes)):
        assert stack is not None
        stack = append(stack, layer, width, {})
    assert stack is not None
    stack = append(stack, LOSSES["softmax_cross_entropy"], 0, {})
    assert stack is not None
    for position, name in enumerate(stack.arguments):
        if name.endswith(".w"):
            stack = penalized(stack, LOSSES["l2_penalty"], position, {"strength": STRENGTH})
    return stack


def _initial(stack: Stack, source: np.random.Generator) -> list[Array]:
    """Weights of variance 2 / fan-in, and zero biases, in the order of the stack's arguments."""
    shapes = stack.shapes[1:-1]
    return [
        source.standard_normal(shape) * np.sqrt(2 / shape[0]) if len(shape) == 2 else np.zeros(shape)
        for shape in shapes
    ]


def _batches(count: int, epochs: int, source: np.random.Generator) -> Iterator[Array]:
    for _ in range(epochs):
        order = source.permutation(count)
        for start in range(0, count - BATCH + 1, BATCH):
            yield order[start : start + BATCH]


def _verified(stack: Stack, x: Array, weights: list[Array], labels: Array) -> Judgement:
    point = Point((x, *weights, labels), {}, np.array(1.0))
    return vjp_matches_differences.judge(stack_subject(stack), point, Setting())


def _said(judgement: Judgement) -> str:
    if judgement.verdict is Verdict.PASSED:
        return f"gradient confirmed to {judgement.digits:.0f} digits ({judgement.evidence.value})"
    return f"gradient {judgement.verdict.value}: {judgement.reason}"


def _accuracy(stack: Stack, weights: list[Array], x: Array, labels: Array) -> float:
    """The share of images whose largest logit is at the right class."""
    running, given = x, iter(weights)
    for part in stack.parts:
        if part.layer.name != "softmax_cross_entropy" and not part.is_penalty:
            running = part.layer(running, *(next(given) for _ in part.takes))
    return float(np.mean(np.argmax(running, axis=1) == labels))
