"""A small chart, written as SVG by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, MARGIN = 640, 400, 64
COLOURS = ("#146c43", "#b02a37", "#2f5d9b", "#8a5a00")


@dataclass(frozen=True)
class Curve:
    """A named curve of (x, y) points, all positive."""

    name: str
    points: list[tuple[float, float]]


def log_log_chart(curves: list[Curve], x_label: str, y_label: str) -> str:
    """An SVG of curves on logarithmic axes, with a tick at each power of ten (of two, along a short axis)."""
    xs = [x for curve in curves for x, _ in curve.points]
    ys = [y for curve in curves for _, y in curve.points]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(y_label)} against {escape(x_label)}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for x in sorted(set(xs)):
        place = _place(x, xs, MARGIN, WIDTH - MARGIN)
        parts.append(f'<text x="{place:.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{x:g}</text>')
    for exponent in range(math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys))) + 1):
        if min(ys) <= 10**exponent <= max(ys):
            place = _place(10**exponent, ys, HEIGHT - MARGIN, MARGIN)
            parts.append(
                f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{place:.1f}" y2="{place:.1f}" stroke="#d9dce1"/>'
            )
            parts.append(f'<text x="{MARGIN - 8}" y="{place + 4:.1f}" text-anchor="end">{10**exponent:g}</text>')
    for curve, colour in zip(curves, COLOURS, strict=False):
        spots = [
            (_place(x, xs, MARGIN, WIDTH - MARGIN), _place(y, ys, HEIGHT - MARGIN, MARGIN)) for x, y in curve.points
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        where = f'x="{spots[-1][0]:.1f}" y="{spots[-1][1] - 8:.1f}"'
        parts.append(f'<text {where} text-anchor="end" fill="{colour}">{escape(curve.name)}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 16}" text-anchor="middle">{escape(x_label)}</text>')
    parts.append(f'<text x="{MARGIN}" y="{MARGIN - 24}">{escape(y_label)}</text></svg>')
    return "\n".join(parts)


def _place(value: float, values: list[float], start: float, end: float) -> float:
    """Where a value stands between two ends of a logarithmic axis."""
    low, high = math.log(min(values)), math.log(max(values))
    return start + (end - start) * (math.log(value) - low) / ((high - low) or 1)
