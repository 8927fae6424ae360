"""``backproof soak``: many points of code that is right, and how often it was accused."""

from __future__ import annotations

import os
import sys
import time

import click
from rich.console import Console
from rich.markup import escape

from ..runs.apart import run_items
from ..runs.running import right_items
from .progress import progress_on

ENOUGH = 20  # points of a search that must decide something


@click.command()
@click.option("--points", type=click.IntRange(min=1), default=100_000, show_default=True, help="At least so many.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the run; the same seed gives the same points."
)
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Default: one a core.")
def soak(points: int, seed: int, processes: int) -> None:
    """Judge right code by every property, and count the false alarms.

    The code is the catalogue's, random stacks of it, and hand-written forward and backward passes in many styles.
    Exit code: 0 no false alarm, 1 otherwise.
    """
    console, started = Console(), time.perf_counter()
    items = right_items(points, seed)
    judged = undecided = 0
    alarms: list[str] = []
    with progress_on(console) as tell:
        for number, finished in enumerate(run_items(items, processes), start=1):
            tell("judging right code", number, len(items))
            record = finished.record
            if record is None:
                alarms.append(
                    f"{finished.item.subject}: {finished.item.property}: {finished.error or finished.missing}"
                )
                continue
            judged, undecided = judged + record["points"], undecided + record["inconclusive"]
            decides = record["verdict"] == "inconclusive" and record["points"] >= ENOUGH
            if record["verdict"] == "falsified" or decides:
                alarms.append(f"{record['subject']}: {record['property']}: {record['verdict']}: {record['reason']}")
    for alarm in alarms:
        console.print(escape(alarm), soft_wrap=True)
    console.print(
        f"{judged} points of right code, {len(items)} searches, seed {seed}: {len(alarms)} false alarms, "
        f"{undecided} points inconclusive ({time.perf_counter() - started:.0f} s)",
        soft_wrap=True,
    )
    sys.exit(1 if alarms else 0)
