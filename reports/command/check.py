"""``backproof check``: verify everything that is registered, or what is named."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError
from backproof.properties.profiles import DEFAULT, PROFILES
from backproof.properties.searching import Effort

from ..records import Record, run_record
from ..running import Item, items_for, layer_in_stacks, run_items
from ..terminal import show_counterexamples, summary_table
from ..writing import FOLDER, write_report
from .progress import progress_on


@click.command()
@click.argument("targets", nargs=-1)
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default=DEFAULT, show_default=True, help="How hard to look."
)
@click.option("--examples", type=click.IntRange(min=1), help="Points a search.  [default: 25, as the profile says]")
@click.option(
    "--stacks", type=click.IntRange(min=0), help="Random stacks a property.  [default: 50, as the profile says]"
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the run; the same seed gives the same points."
)
@click.option(
    "--arithmetic",
    type=click.Choice(["arb", "mpmath"]),
    default="arb",
    show_default=True,
    help="What points are judged in. The other one confirms what it falsifies.",
)
@click.option("--report", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Where to write.")
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Default: one a core.")
def check(
    targets: tuple[str, ...],
    profile: str,
    examples: int | None,
    stacks: int | None,
    seed: int,
    arithmetic: str,
    report: Path,
    processes: int,
) -> None:
    """Verify every registered layer, loss, linear map and derivative rule, and random stacks of layers.

    TARGETS narrow it down: a subject (affine, rules.tanh), a room (layers, losses, maps, rules, stacks), or
    a Python file with layers of your own. Exit code: 0 nothing falsified, 1 falsified, 2 a wrong question.
    """
    console = Console()
    looked = PROFILES[profile]
    examples = looked.examples if examples is None else examples
    stacks = looked.stacks if stacks is None else stacks
    effort = Effort(examples, seed, Path(".hypothesis") / "backproof", arithmetic)
    started = time.perf_counter()
    try:
        items = items_for(targets, effort, stacks)
        records, errors = _run(console, items, processes)
        record = run_record(records, seed, examples, time.perf_counter() - started, errors)
        page = write_report(record, report)
    except BackproofError as error:
        Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    _tell(console, record, page)
    failed = any(item["verdict"] != "passed" for item in record["items"])
    sys.exit(2 if errors else 1 if failed else 0)


def _run(console: Console, items: list[Item], processes: int) -> tuple[list[Record], list[str]]:
    """The records and the errors; what is wrong alone is not looked at in stacks."""
    records: list[Record] = []
    errors: dict[str, None] = {}

    def run(chosen: list[Item]) -> None:
        with progress_on(console) as tell:
            for number, finished in enumerate(run_items(chosen, processes), start=1):
                tell("verifying", number, len(chosen))
                if finished.record is None:
                    errors[finished.error] = None
                else:
                    records.append(finished.record)

    run([item for item in items if layer_in_stacks(item) is None])
    right = {record["subject"] for record in records} - {r["subject"] for r in records if r["verdict"] == "falsified"}
    run([item for item in items if layer_in_stacks(item) in right])
    return records, list(errors)


def _tell(console: Console, record: Record, page: Path) -> None:
    if record["items"]:
        console.print(summary_table(record["items"]))
        console.print()
    show_counterexamples(console, record["items"])
    for item in record["items"]:
        if item["verdict"] == "inconclusive":
            said = escape(f"{item['subject']}: {item['property']}: {item['reason']}")
            console.print(f"[yellow]? {said}[/]\n", soft_wrap=True)
        elif item["verdict"] == "passed" and item["reason"]:
            said = escape(f"{item['subject']}: {item['property']}: {item['reason']}")
            console.print(f"[cyan]~ {said}[/]\n", soft_wrap=True)
    for error in record["errors"]:
        console.print(f"[bold red]wrong description:[/] {escape(error)}", soft_wrap=True)
    verdicts = [item["verdict"] for item in record["items"]]
    points = sum(item["points"] for item in record["items"])
    counted = ", ".join(f"{verdicts.count(v)} {v}" for v in ("passed", "falsified", "inconclusive"))
    console.print(f"{counted}: {points} points in {record['seconds']:.0f} s, seed {record['seed']}")
    console.print(f"report: {page}", soft_wrap=True)
