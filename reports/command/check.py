"""``backproof check``: verify everything that is registered, or what is named."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError
from backproof.properties.profiles import PROFILES, STACKS_A_POINT
from backproof.properties.searching import Effort

from ..baseline.accepting import all_subjects, held_against, show_baseline
from ..baseline.entries import NAME, BaselineError, is_failure, read_baseline
from ..forms.announcing import announcements, append_to_step_summary
from ..forms.telling import missing_lines
from ..forms.terminal import reasons, show_counterexamples, summary_table
from ..records.making import Record, run_record
from ..records.writing import ReportError, must_be_writable, write_report
from ..runs.apart import run_items
from ..runs.keeping import UNDER_WAY, Kept, run_all
from ..runs.limits import GIGABYTE
from ..runs.running import Item, items_for
from ..runs.sharding import ShardError, shard_of
from ..runs.targets import found_in
from ..settings import Settings, SettingsError, settings_in
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
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=os.cpu_count() or 1,
    help="Default: one a core. 0: run in this very process, for a debugger.",
)
@click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds after which a search is stopped, wherever it is.  [default: 600, or as --seconds says]",
)
@click.option(
    "--memory",
    type=click.FloatRange(min=0, min_open=True),
    help="GB that a process may hold (on Linux).  [default: its share of the machine's]",
)
def check(
    targets: tuple[str, ...],
    arithmetic: str,
    signature: str,
    processes: int,
    memory: float | None,
    shard: str | None,
    **said: Any,
) -> None:
    """Verify every registered layer, loss, linear map and derivative rule, and random stacks of layers.

    That is a survey, with a fifth of the points each. TARGETS narrow it down: a subject (affine, rules.tanh), a room
    (layers, losses, maps, rules, stacks), a Python file with layers of your own, or one thing in it (file.py::affine,
    package.module:affine): a layer, a subject, or affine_forward with affine_backward. What is not said here,
    [tool.backproof] in pyproject.toml may say. Exit code: 0 nothing falsified, 1 falsified, 2 a wrong question, or
    a run that is not whole: searches are missing, or there is no report. What was found is told all the same.
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
        folder = Path(settings.report)
        must_be_writable(folder)

        def record_of(kept: Kept) -> Record:
            seconds = time.perf_counter() - started
            records, stale = held_against(baseline, kept.records, complete)
            missing, name = kept.all_missing(UNDER_WAY), str(part) if part else None
            return run_record(records, settings.seed, examples, seconds, list(kept.errors), name, missing, stale)

        def keep(kept: Kept) -> None:
            with suppress(ReportError):  # told at the end
                write_report(record_of(kept), folder)

        bytes_ = None if memory is None else int(memory * GIGABYTE)
        run = partial(run_items, processes=processes, limit=settings.limit, memory=bytes_)
        with progress_on(console) as tell:
            record = record_of(run_all(items, run, tell, keep))
    except (BackproofError, SettingsError, BaselineError, ShardError) as error:
        _refuse(error)
        sys.exit(2)
    try:
        page: Path | None = write_report(record, folder)
    except BackproofError as error:
        page = None
        _refuse(error)
    _tell(console, record, page, settings.report)
    failed = any(is_failure(item) for item in record["items"])
    is_whole = page is not None and not record["errors"] and not record["missing"]
    sys.exit(int(failed) if is_whole else 2)


def _refuse(error: Exception) -> None:
    Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)


def _settings(said: Mapping[str, Any]) -> Settings:
    """What the command line says, and else what the project does."""
    chosen = {name: value for name, value in said.items() if value is not None}
    if "properties" in chosen:
        chosen["properties"] = tuple(name.strip() for name in chosen["properties"].split(","))
    return replace(settings_in(Path.cwd()), **chosen)


def _guesses(items: Sequence[Item]) -> Iterator[str]:
    for source in dict.fromkeys(item.source for item in items if item.source is not None):
        yield from found_in(source).guesses


def _tell(console: Console, record: Record, page: Path | None, folder: str) -> None:
    if record["items"]:
        console.print(summary_table(record["items"]))
        console.print()
    show_counterexamples(console, [item for item in record["items"] if not item["accepted"]], folder)
    show_baseline(console, record)
    for verdict, mark, colour in (("inconclusive", "?", "yellow"), ("passed", "~", "cyan")):
        for said in reasons(item for item in record["items"] if item["verdict"] == verdict and not item["accepted"]):
            console.print(f"[{colour}]{mark} {escape(said)}[/]\n", soft_wrap=True)
    for error in record["errors"]:
        console.print(f"[bold red]wrong description:[/] {escape(error)}", soft_wrap=True)
    for line in missing_lines(record["missing"]):
        console.print(f"[bold red]missing:[/] {escape(line)}", soft_wrap=True)
    failing = [item for item in record["items"] if item["counterexample"] and is_failure(item)]
    for line in announcements(failing, folder):
        click.echo(line)
    append_to_step_summary(record, folder)
    verdicts = [item["verdict"] for item in record["items"]]
    points = sum(item["points"] for item in record["items"])
    counted = ", ".join(f"{verdicts.count(v)} {v}" for v in ("passed", "falsified", "inconclusive"))
    if record["missing"]:
        counted += f", {len(record['missing'])} missing"
    known = sum(bool(item["accepted"]) for item in record["items"])
    counted += f" ({known} accepted)" if known else ""
    part = f", shard {record['shard']}" if record["shard"] else ""
    console.print(f"{counted}: {points} points in {record['seconds']:.0f} s, seed {record['seed']}{part}")
    if page is not None:
        console.print(f"report: {page}", soft_wrap=True)
