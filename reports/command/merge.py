"""``backproof merge``: one report of many."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from backproof.engine.errors import BackproofError

from ..baseline.accepting import show_baseline
from ..forms.telling import missing_lines
from ..forms.terminal import show_counterexamples, summary_table
from ..records.merging import differences, exit_code, merged
from ..records.reading import read_report
from ..records.writing import write_report
from ..runs.sharding import ShardError
from ..settings import SettingsError, settings_in


@click.command()
@click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="REPORT...")
@click.option("--report", type=click.Path(), help="Where to write.  [default: backproof-report]")
def merge(reports: tuple[Path, ...], report: str | None) -> None:
    """Make one report of many: of shards, of machines, of several seeds. A REPORT is a folder or a report.json.

    Where several have the same search, the worst verdict wins. Exit code: 0 nothing falsified, 1 falsified,
    2 something is missing (a search, or a shard), or a wrong question.
    """
    console = Console(highlight=False)
    try:
        read = [read_report(path) for path in reports]
        record = merged(read)
        page = write_report(record, Path(report or settings_in(Path.cwd()).report))
    except (BackproofError, SettingsError, ShardError) as error:
        Console(stderr=True).print(f"[bold red]backproof:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    if record["items"]:
        console.print(summary_table(record["items"]))
        console.print()
    show_counterexamples(console, [item for item in record["items"] if item["counterexample"] and not item["accepted"]])
    show_baseline(console, record)
    for line in differences(read):
        console.print(f"[yellow]{escape(line)}[/]", soft_wrap=True)
    for line in missing_lines(record["missing"]):
        console.print(f"[bold red]missing:[/] {escape(line)}", soft_wrap=True)
    for line in record["errors"]:
        console.print(f"[bold red]wrong description:[/] {escape(line)}", soft_wrap=True)
    verdicts = [item["verdict"] for item in record["items"]]
    counted = ", ".join(f"{verdicts.count(v)} {v}" for v in ("passed", "falsified", "inconclusive"))
    console.print(f"{len(read)} reports: {counted}: {sum(item['points'] for item in record['items'])} points")
    console.print(f"report: {page}", soft_wrap=True)
    sys.exit(exit_code(record))
