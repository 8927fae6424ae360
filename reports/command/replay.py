"""``backproof replay``: judge counterexamples again, at exactly their points."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError

from ..forms.terminal import show_counterexample
from ..replay.finding import counterexamples_named
from ..replay.replaying import Replay, Result, replayed
from ..settings import SettingsError, settings_in

COLOURS = {
    Result.FIXED: "green",
    Result.STILL_FALSIFIED: "bold red",
    Result.NOT_DECIDED: "yellow",
    Result.CANNOT_RUN: "bold magenta",
}


@click.command()
@click.argument("names", nargs=-1, metavar="[ID|FILE]...")
@click.option("--all", "everything", is_flag=True, help="All counterexamples of the report.")
@click.option("--report", type=click.Path(), help="The folder that ids are looked for in.  [default: backproof-report]")
def replay(names: tuple[str, ...], everything: bool, report: str | None) -> None:
    """Judge a counterexample again: an ID (or its beginning) from the report folder, an ID.json, or a report.json.

    The subject is looked up anew, and the property judged at exactly that point, in arb and in mpmath. Exit code:
    0 FIXED, 1 STILL FALSIFIED (or not decided), 2 CANNOT RUN, or a wrong question.
    """
    console = Console(highlight=False)
    try:
        if not names and not everything:
            raise BackproofError("name a counterexample by its id or its file, or say --all.")
        if names and everything:
            raise BackproofError(f"--all replays everything: leave out {names[0]!r}.")
        folder = Path(report or settings_in(Path.cwd()).report)
        chosen = counterexamples_named(names, folder)
    except (BackproofError, SettingsError) as error:
        Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    if not chosen:
        console.print("there is no counterexample in the report")
    results = []
    for found, beside in chosen:
        one = replayed(found, beside.resolve().parent)
        _tell(console, one)
        results.append(one.result)
    if len(results) > 1:
        console.print(", ".join(f"{results.count(result)} {result.value.lower()}" for result in Result))
    failing = {Result.STILL_FALSIFIED, Result.NOT_DECIDED}.intersection(results)
    sys.exit(2 if Result.CANNOT_RUN in results else 1 if failing else 0)


def _tell(console: Console, one: Replay) -> None:
    found, colour = one.found, COLOURS[one.result]
    reason = f": {escape(one.reason)}" if one.reason and one.item is None else ""
    what = f"{escape(found['id'])} {escape(found['subject'])}: {escape(found['property'])}"
    console.print(f"[{colour}]{one.result.value}[/] {what}{reason}", soft_wrap=True)
    if one.item is not None:
        show_counterexample(console, one.item)
        console.print()
