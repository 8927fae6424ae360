"""``backproof explain``: derivatives in operator notation."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
import numpy as np
from rich.console import Console

from backproof.engine.catalogue import registered
from backproof.engine.errors import BackproofError, SpecError, listed, nearest
from backproof.engine.explaining import Explained, explain_layer, explain_subject
from backproof.engine.explaining import explain as explained_function
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import Layer, quietly

# An expression, the shapes of what is in it, and what it is called.
EXERCISES = (
    ("W @ x + b", "W=3,2 x=2 b=3", "an affine map"),
    ("x.T @ W @ x", "x=3,1 W=3,3", "a quadratic form"),
    ("x.T @ A @ y", "x=3,1 A=3,2 y=2,1", "a bilinear form"),
    ("A @ B @ C", "A=2,3 B=3,4 C=4,5", "a product of three"),
    ("relu(x @ W)", "x=2,3 W=3,4", "a layer"),
    ("trace(A.T @ X)", "A=3,2 X=3,2", "a trace"),
    ("sum((X @ W - Y)**2) / 2", "X=5,3 W=3,2 Y=5,2", "least squares"),
    ("logaddexp.reduce(z) - y @ z", "z=3 y=3", "softmax cross-entropy, with y one-hot"),
)


@click.command()
@click.argument("what", required=False)
@click.argument("shapes", nargs=-1)
def explain(what: str | None, shapes: tuple[str, ...]) -> None:
    """Print derivatives as linear maps: of WHAT with respect to each argument, or of eight exercises.

    WHAT is a layer, a loss or a rule (affine, rules.tanh), or an expression of NumPy's functions and the engine's
    layers, followed by the SHAPES of the arrays in it: backproof explain "A @ B" A=2,3 B=3,4. A dot stands for what
    the map is applied to, "o" for composition; the pullback is the transpose, which backpropagation applies to the
    cotangent.
    """
    console = Console(soft_wrap=True, highlight=False)
    try:
        if what is None:
            for expression, given, name in EXERCISES:
                _tell(console, f"{expression}   {name}", _of_expression(expression, given.split()))
                console.print()
        elif shapes:
            _tell(console, what, _of_expression(what, shapes))
        else:
            _tell(console, *_of_name(what))
    except BackproofError as error:
        click.echo(f"backproof: {error}", err=True)
        sys.exit(2)


def _of_name(name: str) -> tuple[str, Explained]:
    """The title, and the derivative, of something in the catalogue."""
    layers: dict[str, Layer] = {**LAYERS, **LOSSES}
    layer = layers.get(name.rpartition(".")[2] if name.startswith(("layers.", "losses.")) else name)
    if layer is not None:
        title = f"{layer.name}({', '.join(layer.arguments)})   {layer.signature}"
        return f"{title}\n{_first_line(layer.function)}".rstrip(), explain_layer(layer)
    subjects = {each.name.split(" ")[0].rstrip("_"): each for each in reversed(registered().values())}
    bare = name.rstrip("_")
    subject = subjects.get(bare) or next((each for key, each in subjects.items() if key.endswith(f".{bare}")), None)
    if subject is None:
        known = {*layers, *subjects, *(each.partition(".")[2] for each in subjects)}
        raise SpecError(
            f"{name!r} is no layer, loss, rule or map.{nearest(name, known)} backproof catalogue lists them all; an "
            "expression takes the shapes of its arrays: backproof explain 'A @ B' A=2,3 B=3,4."
        )
    title = f"{subject.name.split(' ')[0].rstrip('_')}({', '.join(subject.arguments)})   {subject.signature}"
    return f"{title}\n{_first_line(subject.written_in)}".rstrip(), explain_subject(subject)


def _of_expression(expression: str, shapes: Sequence[str]) -> Explained:
    arrays = dict(_named_shape(text) for text in shapes)
    numpy = {name: getattr(np, name) for name in np.__all__ if callable(getattr(np, name))}
    known: Mapping[str, Any] = {"np": np, **LAYERS, **LOSSES, **numpy}
    try:
        function: Callable[..., Any] = eval(f"lambda {', '.join(arrays)}: {expression}", dict(known))
    except SyntaxError as error:
        raise SpecError(
            f"{expression!r} is no expression in Python: {error.msg}. Write, for instance, 'A @ B' A=2,3 B=3,4."
        ) from error
    unused = [name for name in arrays if name not in _names_in(expression)]
    if unused:
        raise SpecError(f"{listed(unused)} has a shape, but does not stand in {expression!r}. Rename or drop it.")
    try:
        with quietly():
            return explained_function(function, **arrays)
    except NameError as error:
        raise SpecError(
            f"{expression!r} has a name that nobody knows: {error}. Give the shape of each array, {error.name}=2,3, "
            "and write functions of NumPy's packages out: np.linalg.det, np.fft.rfft."
        ) from error


def _names_in(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}


def _named_shape(text: str) -> tuple[str, tuple[int, ...]]:
    name, _, sizes = text.partition("=")
    try:
        if not name.isidentifier():
            raise ValueError
        return name, tuple(int(size) for size in sizes.split(",") if size)
    except ValueError:
        raise SpecError(f"{text!r} should be a name and a shape, such as A=2,3, x=2, or s= for a number.") from None


def _first_line(function: Callable[..., Any] | None) -> str:
    return (getattr(function, "__doc__", None) or "").strip().split("\n")[0].replace("``", "")


def _tell(console: Console, title: str, explained: Explained) -> None:
    """Print the explanations of something, an argument after the other."""
    console.print(title, markup=False)
    for each in explained.explanations:
        console.print(f"\nd/d{each.argument}")
        console.print(f"  derivative  {each.derivative}", markup=False)
        console.print(f"  pullback    {each.pullback}", markup=False)
    if explained.where:
        console.print("\nwhere")
        for name, text in explained.where.items():
            console.print(f"  {name} = {text}", markup=False)
