"""Error against step size, on logarithmic axes, written as SVG by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..records.making import Record

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 520, 320, 54, 14, 30, 46
LEAST = 1e-17  # where an error of zero is drawn


@dataclass(frozen=True)
class Plot:
    """The plot, and the rows of the table that says the same in numbers."""

    svg: str
    rows: tuple[tuple[str, str, str], ...]
    says: str  # what is to be seen


def plot(steps: Record | None) -> Plot | None:
    """The plot of a record's steps; None where there are fewer than two."""
    if not steps:
        return None
    measured = zip(steps["h"], steps["error"], steps["claimed"], strict=False)
    rows = sorted(row for row in measured if None not in row and all(map(math.isfinite, row)) and row[0] > 0)
    if len(rows) < 2:
        return None
    curves = [[(h, max(row[which], LEAST)) for h, *row in rows] for which in (0, 1)]
    values = [y for curve in curves for _, y in curve]
    x_axis = _decades([h for h, *_ in rows])
    y_axis = _decades([*values, 1.0])
    return Plot(
        _svg(curves, x_axis, y_axis),
        tuple((f"{h:.0e}", f"{error:.1e}", f"{claimed:.1e}") for h, error, claimed in rows),
        _says([row[1] for row in rows], min(row[2] for row in rows)),
    )


def _says(errors: Sequence[float], claimed: float) -> str:
    """What is to be seen, in words; ``errors`` are those of the differences, the smallest step first."""
    least = min(errors)
    within = f"within {least:.0e} of" if least else "to"
    is_a_v = 10 * least < min(errors[0], errors[-1])
    if is_a_v:
        first = f"As the step shrinks they come {within} what was expected, until rounding drives them away again: a V."
    else:
        first = f"They come {within} what was expected."
    if claimed <= max(10 * least, 1e-6):
        return f"{first} They come within {claimed:.0e} of the claim, too: floats cannot tell the two apart."
    return f"{first} They never come nearer than {claimed:.2g} to what the pullback claims: no step size mends that."


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _svg(curves: Sequence[Sequence[tuple[float, float]]], x_axis: tuple[int, int], y_axis: tuple[int, int]) -> str:
    def across(h: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(h) - x_axis[0]) / (x_axis[1] - x_axis[0])

    def up(error: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(error) - y_axis[0]) / (y_axis[1] - y_axis[0])

    parts = []
    for exponent in _ticks(x_axis):
        x = across(10.0**exponent)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}">1e{exponent}</text>')
    for exponent in _ticks(y_axis):
        y = up(10.0**exponent)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="tick left" x="{LEFT - 7}" y="{y + 4:.1f}">1e{exponent}</text>')
    for kind, curve in zip(("right", "wrong"), curves, strict=True):
        spots = [(across(h), up(error)) for h, error in curve]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline class="curve {kind}" points="{line}"/>')
        for x, y in spots:
            parts.append(
                f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'
                if kind == "right"
                else f'<rect class="dot {kind}" x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
            )
    parts.append(f'<text class="axis" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}">step size h</text>')
    parts.append(f'<text class="axis start" x="8" y="{TOP - 14}">relative error</text>')
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Relative error of central '
        'differences against step size, on logarithmic axes; the table below has the numbers.">'
        f"{''.join(parts)}</svg>"
    )


def _ticks(axis: tuple[int, int]) -> range:
    """At most eight powers of ten."""
    return range(axis[1], axis[0] - 1, -max(1, math.ceil((axis[1] - axis[0]) / 7)))
