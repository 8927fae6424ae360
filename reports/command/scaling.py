"""``backproof scaling``: what a gradient costs in reverse and in forward mode as the input widens."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
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
from ..writing import FOLDER

Array = np.ndarray
BAR = 36  # characters of the longest bar


@click.command()
@click.option("--widest", type=click.IntRange(min=16), default=1024, show_default=True, help="The widest input.")
@click.option("--repeats", type=click.IntRange(min=1), default=5, show_default=True, help="Timings a point.")
@click.option("--report", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Where to write.")
def scaling(widest: int, repeats: int, report: Path) -> None:
    """Draw the cost of the gradient of affine-relu-affine-softmax-cross-entropy as its input widens.

    Reverse mode takes one pullback whatever the width; forward mode one pushforward for each input.
    """
    console = Console()
    widths = [16 * 2**k for k in range(20) if 16 * 2**k <= widest]
    rows = []
    for width in widths:
        loss, x = _network(width)
        forward = _seconds(partial(loss, x), repeats)
        reverse = _seconds(partial(grads, loss, x), repeats)
        by_forward = _seconds(partial(jacobian, loss, x, mode="forward"), max(1, repeats // 2))
        rows.append((width, reverse / forward, by_forward / forward))
    console.print(_table(rows))
    curves = [Curve("reverse mode", [(w, r) for w, r, _ in rows]), Curve("forward mode", [(w, f) for w, _, f in rows])]
    report.mkdir(parents=True, exist_ok=True)
    path = report / "scaling.svg"
    path.write_text(log_log_chart(curves, "inputs", "cost of a gradient, in evaluations of the loss"))
    for curve in curves:
        console.print(f"{curve.name}: cost grows as width^{_slope(curve.points):.2f}")
    console.print(f"chart: {path}", soft_wrap=True)


def _network(width: int) -> tuple[Callable[[Array], Array], Array]:
    """A loss of one input row of so many features, behind a hidden layer of 32 units."""
    source = np.random.default_rng(width)
    w1, w2 = source.standard_normal((width, 32)) / np.sqrt(width), source.standard_normal((32, 10)) / 6
    b1, b2, labels = np.zeros(32), np.zeros(10), np.array([3])

    def loss(x: Array) -> Array:
        hidden = LAYERS["relu"](LAYERS["affine"](x, w1, b1))
        return LOSSES["softmax_cross_entropy"](LAYERS["affine"](hidden, w2, b2), labels)

    return loss, source.standard_normal((1, width))


def _seconds(run: Callable[[], object], repeats: int) -> float:
    """The median time of a run, in seconds."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _slope(points: list[tuple[float, float]]) -> float:
    """The slope of a least-squares line through the logarithms."""
    logs = np.log(np.array(points))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _table(rows: list[tuple[int, float, float]]) -> Table:
    table = Table(
        box=None, title="cost of a gradient, in evaluations of the loss (logarithmic bars)", title_justify="left"
    )
    for heading in ("inputs", "reverse", "", "forward", ""):
        table.add_column(heading, justify="right" if heading else "left")
    most = np.log(max(max(reverse, forward) for _, reverse, forward in rows))
    for width, reverse, forward in rows:
        bars = ["█" * max(1, round(BAR * float(np.log(max(cost, 1.01)) / most))) for cost in (reverse, forward)]
        table.add_row(str(width), f"{reverse:.1f}", f"[green]{bars[0]}[/]", f"{forward:.1f}", f"[red]{bars[1]}[/]")
    return table
