"""``backproof explain``: the derivative of a layer in operator notation."""

from __future__ import annotations

import sys

import click
from rich.console import Console

from backproof.engine.errors import SpecError, nearest
from backproof.engine.explaining import Explained, explain_layer
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import Layer


@click.command()
@click.argument("name")
def explain(name: str) -> None:
    """Print the derivative of the layer or loss NAME with respect to each argument, as a linear map.

    A dot stands for what the map is applied to, "o" for composition; the pullback is the transpose, which
    backpropagation applies to the cotangent.
    """
    layers: dict[str, Layer] = {**LAYERS, **LOSSES}
    try:
        layer = layers.get(name)
        if layer is None:
            raise SpecError(
                f"{name!r} is neither a layer nor a loss.{nearest(name, layers)} Known: {', '.join(layers)}."
            )
        explained = explain_layer(layer)
    except SpecError as error:
        click.echo(f"backproof: {error}", err=True)
        sys.exit(2)
    tell(Console(soft_wrap=True, highlight=False), layer, explained)


def tell(console: Console, layer: Layer, explained: Explained) -> None:
    """Print the explanations of a layer, an argument after the other."""
    console.print(f"{layer.name}({', '.join(layer.arguments)})   {layer.signature}", markup=False)
    if layer.function.__doc__:
        console.print(layer.function.__doc__.strip().splitlines()[0].replace("``", ""), markup=False)
    for each in explained.explanations:
        console.print(f"\nd/d{each.argument}")
        console.print(f"  derivative  {each.derivative}", markup=False)
        console.print(f"  pullback    {each.pullback}", markup=False)
    if explained.where:
        console.print("\nwhere")
        for name, text in explained.where.items():
            console.print(f"  {name} = {text}", markup=False)
