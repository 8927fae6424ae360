"""``backproof scaling``: what a gradient costs in reverse and in forward mode as the input widens."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.transforms import grads, jacobian

from ..chart import Curve, log_log_chart
from ..records.writing import FOLDER

Array = np.ndarray
BAR = 36  # characters of the longest bar
WIDEST_FORWARD = 4096
ROWS = 16

Row = tuple[int, float, float | None]  # inputs, and the costs of a gradient in reverse and in forward mode


@click.command()
@click.option("--widest", type=click.IntRange(min=256), default=2**20, show_default=True, help="The widest input.")
@click.option("--repeats", type=click.IntRange(min=1), default=30, show_default=True, help="Timings a point.")
@click.option("--report", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Where to write.")
def scaling(widest: int, repeats: int, report: Path) -> None:
    """Draw the cost of the gradient of affine-relu-affine-softmax-cross-entropy as its input widens.

    Reverse mode takes one pullback whatever the width; forward mode one pushforward for each input, and is left out
    where that would take too long.
    """
    console = Console()
    widths = [64 * 4**k for k in range(12) if 64 * 4**k <= widest]
    rows: list[Row] = []
    for width in widths:
        loss, x = _network(width)
        forward = _seconds(partial(loss, x), repeats)
        reverse = _seconds(partial(grads, loss, x), repeats)
        by_forward = None
        if width <= WIDEST_FORWARD:
            by_forward = _seconds(partial(jacobian, loss, x, mode="forward"), max(1, repeats // 15)) / forward
        rows.append((width, reverse / forward, by_forward))
    console.print(_table(rows))
    curves = [
        Curve("reverse mode", [(width, reverse) for width, reverse, _ in rows]),
        Curve("forward mode", [(width, by_forward) for width, _, by_forward in rows if by_forward is not None]),
    ]
    report.mkdir(parents=True, exist_ok=True)
    path = report / "scaling.svg"
    path.write_text(log_log_chart(curves, "inputs", "cost of a gradient, in evaluations of the loss"))
    for curve in curves:
        console.print(f"{curve.name}: cost grows as width^{_slope(curve.points):.2f}")
    console.print(f"chart: {path}", soft_wrap=True)


def _network(inputs: int) -> tuple[Callable[[Array], Array], Array]:
    """A loss of so many inputs, as ROWS rows of features, behind a hidden layer of 64 units."""
    source = np.random.default_rng(inputs)
    width = inputs // ROWS
    w1, w2 = source.standard_normal((width, 64)) / np.sqrt(width), source.standard_normal((64, 10)) / 8
    b1, b2, labels = np.zeros(64), np.zeros(10), source.integers(0, 10, ROWS)

    def loss(x: Array) -> Array:
        hidden = LAYERS["relu"](LAYERS["affine"](x, w1, b1))
        return LOSSES["softmax_cross_entropy"](LAYERS["affine"](hidden, w2, b2), labels)

    return loss, source.standard_normal((ROWS, width))


def _seconds(run: Callable[[], object], repeats: int) -> float:
    """The shortest time of a run, in seconds: what disturbs a run can only make it longer."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def _slope(points: list[tuple[float, float]]) -> float:
    """The slope of a least-squares line through the logarithms."""
    logs = np.log(np.array(points))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _table(rows: Sequence[Row]) -> Table:
    table = Table(
        box=None, title="cost of a gradient, in evaluations of the loss (logarithmic bars)", title_justify="left"
    )
    for heading in ("inputs", "reverse", "", "forward", ""):
        table.add_column(heading, justify="right" if heading else "left")
    most = np.log(max(cost for _, *costs in rows for cost in costs if cost is not None))
    for width, *costs in rows:
        cells = []
        for cost, colour in zip(costs, ("green", "red"), strict=True):
            length = 0 if cost is None else max(1, round(BAR * float(np.log(max(cost, 1.01)) / most)))
            cells += ["" if cost is None else f"{cost:.1f}", f"[{colour}]{'█' * length}[/]"]
        table.add_row(str(width), *cells)
    return table
