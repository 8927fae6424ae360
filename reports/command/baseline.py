"""``backproof baseline``: known failures, each accepted with a reason and until a date."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError

from ..baseline.entries import NAME, Accepted, BaselineError, accepted, read_baseline, title_of
from ..baseline.file import add_entry, remove_entries
from ..baseline.staleness import EXPIRED
from ..records.reading import REPORT, read_report
from ..replay.finding import by_id
from ..settings import SettingsError, settings_in

Command = Callable[..., None]
_REPORT = click.option("--report", type=click.Path(), help="The report folder.  [default: backproof-report]")


@click.group()
def baseline() -> None:
    """Accept known failures for a while: they are shown, and fail nothing until their date is past.

    They stand in backproof-baseline.toml, in the folder of the project: [[accepted]] with subject, property, reason
    and until; with an id it is one counterexample alone.
    """


def _telling_errors(command: Command) -> Command:
    @wraps(command)
    def told(**arguments: Any) -> None:
        try:
            command(**arguments)
        except (BackproofError, BaselineError, SettingsError) as error:
            Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
            sys.exit(2)

    return told


@baseline.command()
@click.argument("identity", metavar="ID")
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--until", required=True, metavar="DATE", help="The last day on which it is: 2027-01-31, at most a year.")
@click.option("--exactly", is_flag=True, help="This counterexample alone, not whatever falsifies the property.")
@_REPORT
@_telling_errors
def add(identity: str, reason: str, until: str, exactly: bool, report: str | None) -> None:
    """Accept the failure that a counterexample of the report shows, by its ID or the beginning of it."""
    found = by_id(identity, _folder(report))
    known = {"subject": found["search"], "property": found["property"], "reason": reason, "until": _date(until)}
    checked = accepted(known | ({"id": found["id"]} if exactly else {}), "the entry", datetime.date.today())
    if checked.until < datetime.date.today():
        raise BaselineError(f"--until {until} is past. Name a day from {datetime.date.today()} on.")
    add_entry(Path(NAME), checked)
    click.echo(f"accepted until {checked.until}: {checked.subject}: {checked.property} ({checked.reason})")


@baseline.command("list")
@_telling_errors
def list_entries() -> None:
    """Show the known failures, and which of them are past their date."""
    entries = read_baseline(Path(NAME))
    for entry in entries:
        past = entry.until < datetime.date.today()
        until = f"accepted until {entry.until}" if not past else f"PAST its date, {entry.until}"
        only = "".join(f", {name} {value} alone" for name, value in _narrowed(entry) if value)
        click.echo(f"{entry.subject}: {entry.property}{only}: {until} ({entry.reason})")
    if not entries:
        click.echo(f"no known failures: there is nothing in {NAME}")


@baseline.command()
@click.argument("subject")
@click.argument("prop", metavar="[PROPERTY]", required=False)
@_telling_errors
def remove(subject: str, prop: str | None) -> None:
    """Accept a failure no more: all of a SUBJECT, or by one PROPERTY; or the entry with that id."""
    gone = remove_entries(
        Path(NAME), lambda e: subject in (e.subject, e.id) and (prop is None or e.property == prop) and bool(subject)
    )
    if not gone:
        raise BaselineError(f"no entry of {NAME} is about {subject!r}{f' and {prop!r}' if prop else ''}.")
    _tell("removed", gone)


@baseline.command()
@_REPORT
@_telling_errors
def prune(report: str | None) -> None:
    """Remove the entries that the last report calls stale: what passes now, or is not there any more.

    What is past its date and still fails stays: mend it, or give it a new date.
    """
    stale = {
        (each["id"], each.get("subject"), each.get("property"))
        for each in read_report(_folder(report) / REPORT)["stale"]
        if each.get("kind") != EXPIRED
    }
    gone = remove_entries(Path(NAME), lambda entry: (title_of(entry), entry.subject, entry.property) in stale)
    _tell("removed", gone)
    if not gone:
        click.echo("nothing is stale")


def _tell(what: str, entries: list[Accepted]) -> None:
    for entry in entries:
        click.echo(f"{what} {entry.subject}: {entry.property} ({entry.reason})")


def _narrowed(entry: Accepted) -> list[tuple[str, str]]:
    return [("id", entry.id), ("diagnosis", entry.diagnosis)]


def _folder(report: str | None) -> Path:
    return Path(report or settings_in(Path.cwd()).report)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise BaselineError(f"--until {text!r} is no date. Write it as 2027-01-31.") from error
