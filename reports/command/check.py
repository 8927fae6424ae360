"""``backproof check``: verify everything that is registered, or what is named."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError
from backproof.properties.profiles import PROFILES, STACKS_A_POINT
from backproof.properties.searching import Effort

from ..accepting import all_subjects, held_against, show_baseline
from ..announcing import announcements
from ..baseline import NAME, BaselineError, is_failure, read_baseline
from ..records import Record, run_record
from ..running import Item, items_for, layer_in_stacks, run_items
from ..settings import Settings, SettingsError, settings_in
from ..sharding import ShardError, shard_of
from ..targets import found_in
from ..terminal import show_counterexamples, summary_table
from ..writing import write_report
from .progress import progress_on


@click.command()
@click.argument("targets", nargs=-1)
@click.option("--profile", type=click.Choice(list(PROFILES)), help="How hard to look.  [default: dev]")
@click.option("--examples", type=click.IntRange(min=1), help="Points a search.  [default: 25, as the profile says]")
@click.option("--stacks", type=click.IntRange(min=0), help="Random stacks a property.  [default: two a point]")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="Time that one search may take.")
@click.option("--properties", help="Judge by these alone: vjp_matches_differences,pure.")
@click.option("--signature", default="", help="What a pair of plain functions takes: '(n,i),(i,o)->(n,o)'.")
@click.option("--seed", type=int, help="Seed of the run; the same seed gives the same points.  [default: 0]")
@click.option(
    "--arithmetic",
    type=click.Choice(["arb", "mpmath"]),
    default="arb",
    show_default=True,
    help="What points are judged in. The other one confirms what it falsifies.",
)
@click.option(
    "--shard", metavar="K/N", help="The K-th part of N of the searches; backproof merge makes them one report."
)
@click.option("--report", type=click.Path(), help="Where to write.  [default: backproof-report]")
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Default: one a core.")
def check(
    targets: tuple[str, ...], arithmetic: str, signature: str, processes: int, shard: str | None, **said: Any
) -> None:
    """Verify every registered layer, loss, linear map and derivative rule, and random stacks of layers.

    That is a survey, with a fifth of the points each. TARGETS narrow it down: a subject (affine, rules.tanh), a room
    (layers, losses, maps, rules, stacks), a Python file with layers of your own, or one thing in it (file.py::affine,
    package.module:affine): a layer, a subject, or affine_forward with affine_backward. What is not said here,
    [tool.backproof] in pyproject.toml may say. Exit code: 0 nothing falsified, 1 falsified, 2 a wrong question.
    """
    console = Console()
    started = time.perf_counter()
    try:
        settings = _settings(said)
        examples = PROFILES[settings.profile] if settings.examples is None else settings.examples
        stacks = STACKS_A_POINT * examples if settings.stacks is None else settings.stacks
        effort = Effort(
            examples, settings.seed, Path(".hypothesis") / "backproof", arithmetic, seconds=settings.seconds
        )
        part = shard_of(shard) if shard else None
        baseline = read_baseline(Path(NAME))
        items = items_for(targets, effort, stacks, settings.properties, signature)
        complete = all_subjects(items)
        items = [item for item in items if part is None or part.holds(item.subject, item.property)]
        for guess in _guesses(items):
            console.print(f"[cyan]{escape(guess)}[/]", soft_wrap=True)
        records, errors = _run(console, items, processes)
        records, stale = held_against(baseline, records, complete)
        seconds = time.perf_counter() - started
        record = run_record(records, settings.seed, examples, seconds, errors, shard=shard and str(part), stale=stale)
        page = write_report(record, Path(settings.report))
    except (BackproofError, SettingsError, BaselineError, ShardError) as error:
        Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    _tell(console, record, page)
    failed = any(is_failure(item) for item in record["items"])
    sys.exit(2 if errors else 1 if failed else 0)


def _settings(said: Mapping[str, Any]) -> Settings:
    """What the command line says, and else what the project does."""
    chosen = {name: value for name, value in said.items() if value is not None}
    if "properties" in chosen:
        chosen["properties"] = tuple(name.strip() for name in chosen["properties"].split(","))
    return replace(settings_in(Path.cwd()), **chosen)


def _guesses(items: Sequence[Item]) -> Iterator[str]:
    for source in dict.fromkeys(item.source for item in items if item.source is not None):
        yield from found_in(source).guesses


def _run(console: Console, items: list[Item], processes: int) -> tuple[list[Record], list[str]]:
    """The records and the errors; what is wrong alone is not looked at in stacks."""
    records: list[Record] = []
    errors: dict[str, None] = {}
    unjudged: set[str] = set()

    def run(chosen: list[Item]) -> None:
        with progress_on(console) as tell:
            for number, finished in enumerate(run_items(chosen, processes), start=1):
                tell("verifying", number, len(chosen))
                if finished.record is None:
                    errors[finished.error] = None
                    unjudged.add(finished.item.subject)
                else:
                    records.append(finished.record)

    run([item for item in items if layer_in_stacks(item) is None])
    wrong = {record["subject"] for record in records if record["verdict"] == "falsified"} | unjudged
    run([item for item in items if layer_in_stacks(item) not in (None, *wrong)])
    return records, list(errors)


def _tell(console: Console, record: Record, page: Path) -> None:
    if record["items"]:
        console.print(summary_table(record["items"]))
        console.print()
    show_counterexamples(console, [item for item in record["items"] if not item["accepted"]])
    show_baseline(console, record)
    for item in record["items"]:
        if item["accepted"]:
            continue
        if item["verdict"] == "inconclusive":
            said = escape(f"{item['subject']}: {item['property']}: {item['reason']}")
            console.print(f"[yellow]? {said}[/]\n", soft_wrap=True)
        elif item["verdict"] == "passed" and item["reason"]:
            said = escape(f"{item['subject']}: {item['property']}: {item['reason']}")
            console.print(f"[cyan]~ {said}[/]\n", soft_wrap=True)
    for error in record["errors"]:
        console.print(f"[bold red]wrong description:[/] {escape(error)}", soft_wrap=True)
    for line in announcements([item for item in record["items"] if item["counterexample"] and is_failure(item)]):
        click.echo(line)
    verdicts = [item["verdict"] for item in record["items"]]
    points = sum(item["points"] for item in record["items"])
    counted = ", ".join(f"{verdicts.count(v)} {v}" for v in ("passed", "falsified", "inconclusive"))
    known = sum(bool(item["accepted"]) for item in record["items"])
    counted += f" ({known} accepted)" if known else ""
    part = f", shard {record['shard']}" if record["shard"] else ""
    console.print(f"{counted}: {points} points in {record['seconds']:.0f} s, seed {record['seed']}{part}")
    console.print(f"report: {page}", soft_wrap=True)
