"""``backproof mutate``: mistakes made on purpose in hand-written derivatives, and which of them nothing finds."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backproof.engine.errors import BackproofError
from backproof.properties.mutants import OPERATORS, Equivalent, diff_of, read_equivalents
from backproof.properties.mutants.equivalent import ENGINES
from backproof.properties.searching import Effort

from ..runs.mutating import Asked, Tested, asked_for, run_mutants, sampled
from .progress import progress_on

KINDS = {"killed": "green", "equivalent": "cyan", "survived": "bold red"}


@click.command()
@click.argument("targets", nargs=-1)
@click.option("--examples", type=click.IntRange(min=1), default=25, show_default=True, help="Points a search.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the run; the same seed gives the same points."
)
@click.option(
    "--equivalent",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file of mutants of your own that are no mistakes, each with its reason.",
)
@click.option(
    "--sample", type=click.IntRange(min=1), help="Mutate so many functions, drawn by the seed.  [default: all]"
)
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Default: one a core.")
def mutate(
    targets: tuple[str, ...],
    examples: int,
    seed: int,
    equivalent: Path | None,
    sample: int | None,
    processes: int,
) -> None:
    """Make the mistakes that people make in hand-written derivatives, and see whether any property notices.

    TARGETS are those of check: a subject (affine, rules.tanh), a room (layers, losses, maps, rules), or a Python
    file; everything of the engine that is derived by hand if there are none. Exit code: 0 every mutant is killed or
    listed as equivalent, 1 some survived (or a listed one did not), 2 a wrong question.
    """
    console, started = Console(), time.perf_counter()
    try:
        asked = asked_for(targets)
        if sample is not None:
            asked = sampled(asked, sample, seed)
        known = [*read_equivalents(ENGINES), *(read_equivalents(equivalent) if equivalent else [])]
        tested, stale = _run(console, asked, known, Effort(examples, seed, shrinks=False), processes)
    except BackproofError as error:
        Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    names = {target.name for _, target in asked.functions}
    stale = [entry for entry in stale if entry.function in names or not (targets or sample)]
    _tell(console, asked, tested, stale)
    counts = Counter(each.kind for each in tested)
    console.print(
        f"{len(tested)} mutants: {counts['killed']} killed, {counts['equivalent']} equivalent, "
        f"{counts['survived']} survived in {time.perf_counter() - started:.0f} s, seed {seed}",
        soft_wrap=True,
    )
    sys.exit(1 if counts["survived"] or stale else 0)


def _run(
    console: Console, asked: Asked, known: Sequence[Equivalent], effort: Effort, processes: int
) -> tuple[list[Tested], list[Equivalent]]:
    with progress_on(console) as tell:
        return run_mutants(asked, known, effort, processes, tell)


def _tell(console: Console, asked: Asked, tested: Sequence[Tested], stale: Sequence[Equivalent]) -> None:
    console.print(_table(tested))
    console.print()
    for name, why in asked.left_out.items():
        console.print(f"not mutated: {escape(name)}: {escape(why)}", soft_wrap=True)
    for each in tested:
        if each.equivalent is not None:
            _show(console, each, "cyan", f"equivalent: {each.equivalent.because}")
    for each in tested:
        if each.kind == "survived":
            undecided = f"no property decided: {each.fate.by}" if each.fate.by else ""
            _show(console, each, "bold red", undecided or "no property told this from the original")
    for entry in stale:
        console.print(
            f"[bold red]listed as equivalent, but nothing of it survives:[/] {escape(entry.function)}, "
            f"{entry.operator}: {escape(entry.before)} -> {escape(entry.after)}",
            soft_wrap=True,
        )
    killers = Counter(each.fate.by for each in tested if each.kind == "killed")
    if killers:
        console.print(f"killed by: {', '.join(f'{name} {n}' for name, n in killers.most_common())}", soft_wrap=True)


def _table(tested: Sequence[Tested]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("function", "mutants", *KINDS):
        table.add_column(heading, justify="left" if heading == "function" else "right")
    for function in dict.fromkeys(each.mutant.function for each in tested):
        counts = Counter(each.kind for each in tested if each.mutant.function == function)
        cells = [f"[{colour}]{counts[kind]}[/]" if counts[kind] else "0" for kind, colour in KINDS.items()]
        table.add_row(escape(function), str(counts.total()), *cells)
    return table


def _show(console: Console, each: Tested, colour: str, meaning: str) -> None:
    mutant = each.mutant
    console.print(f"[{colour}]{escape(mutant.function)}[/]: {OPERATORS[mutant.operator].sentence}", soft_wrap=True)
    for line in diff_of(mutant, _shown(mutant.place.file)):
        style = "green" if line.startswith("+") else "red"
        console.print(f"  [{style}]{escape(line)}[/]", soft_wrap=True, highlight=False)
    console.print(f"  {escape(meaning)}\n", soft_wrap=True)


def _shown(file: str) -> str:
    """A file as seen from here."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
