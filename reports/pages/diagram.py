"""A stack of layers as a diagram: boxes from top to bottom, branches at their right, written as SVG by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STEP, _BOX, _LANE, _CHARACTER, _LEFT = 34, 46, 26, 8.2, 12
_SKIP = "] + skip"


@dataclass(frozen=True)
class Stage:
    """One layer of a stack, what it takes beside the running value, and the branches around it."""

    name: str
    takes: str
    opens: int
    closes: int
    is_guilty: bool


def stages_of(layers: Sequence[str], arguments: Sequence[tuple[str, str]], guilty: int | None) -> list[Stage]:
    """The stages that a record's layers say; ``arguments`` are names and shapes, such as ("affine1.w", "(2, 3)")."""
    stages = []
    for number, shown in enumerate(layers):
        opens = len(shown) - len(shown.lstrip("["))
        name, closes = shown[opens:], 0
        while name.endswith(_SKIP):
            name, closes = name.removesuffix(_SKIP), closes + 1
        own = re.sub(r"\W", "_", name.rpartition(".")[2]) + f"{number + 1}."
        takes = ", ".join(f"{a.removeprefix(own)} {shape}" for a, shape in arguments if a.startswith(own))
        stages.append(Stage(name, takes, opens, closes, number == guilty))
    return stages


def diagram(stages: Sequence[Stage], enters: str, leaves: str) -> str:
    """The SVG; ``enters`` and ``leaves`` are the first argument and the output, with their shapes."""
    widest = max([len(enters), len(leaves), *(max(len(s.name), len(s.takes)) for s in stages)])
    width = widest * _CHARACTER + 36
    middle = _LEFT + width / 2
    parts: list[str] = []
    skips: list[float] = []
    deepest = depth = 0
    for stage in stages:
        depth += stage.opens
        deepest = max(deepest, depth)
        depth -= stage.closes
    right = _LEFT + width

    def arrow(start: float, end: float) -> None:
        parts.append(f'<path class="wire" d="M{middle:.0f} {start:.0f}V{end - 6:.0f}"/>')
        parts.append(f'<path class="head" d="M{middle - 4:.0f} {end - 7:.0f}h8l-4 7z"/>')

    def text(y: float, said: str, kind: str) -> None:
        parts.append(f'<text class="{kind}" x="{middle:.0f}" y="{y:.0f}">{escape(said)}</text>')

    text(16, enters, "end")
    y = 24.0
    for stage in stages:
        y += 6 * stage.opens
        skips += [y - 6 * stage.opens + 6 * number + 4 for number in range(stage.opens)]
        arrow(y - 6 * stage.opens, y + _STEP)
        y += _STEP
        height = _BOX if stage.takes else _BOX - 14
        kind = "box guilty" if stage.is_guilty else "box"
        parts.append(f'<rect class="{kind}" x="{_LEFT}" y="{y:.0f}" width="{width:.0f}" height="{height}" rx="6"/>')
        text(y + 21, f"✗ {stage.name}" if stage.is_guilty else stage.name, "guilty" if stage.is_guilty else "layer")
        if stage.takes:
            text(y + 37, stage.takes, "takes")
        y += height
        for _ in range(stage.closes):
            start = skips.pop() if skips else y
            lane = right + _LANE * (deepest - len(skips))  # those around it run farther out
            arrow(y, y + _STEP - 10)
            y += _STEP - 10 + 11
            parts.append(
                f'<path class="wire skip" d="M{middle:.0f} {start:.0f}H{lane - 8:.0f}q8 0 8 8V{y - 8:.0f}q0 8 -8 8'
                f'H{middle + 18:.0f}"/><path class="head" d="M{middle + 19:.0f} {y - 4:.0f}v8l-7 -4z"/>'
                f'<circle class="box" cx="{middle:.0f}" cy="{y:.0f}" r="11"/>'
            )
            text(y + 5, "+", "layer")
            y += 11
    arrow(y, y + _STEP - 6)
    y += _STEP - 6
    text(y + 16, leaves, "end")
    full = right + _LANE * deepest + 12
    said = " → ".join([enters, *(_spoken(stage) for stage in stages), leaves])
    return (
        f'<svg class="stack" viewBox="0 0 {full:.0f} {y + 24:.0f}" width="{full:.0f}" height="{y + 24:.0f}" role="img" '
        f'aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _spoken(stage: Stage) -> str:
    begins = "a branch begins, " * stage.opens
    ends = ", what entered the branch is added" * stage.closes
    return f"{begins}{stage.name}{' (wrong alone)' if stage.is_guilty else ''}{ends}"
