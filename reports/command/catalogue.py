"""``backproof catalogue``: what the engine knows."""

from __future__ import annotations

import click
from rich import box
from rich import table as rich_table
from rich.console import Console
from rich.markup import escape

from ..listing import markdown, tables


@click.command()
@click.argument("rooms", nargs=-1, type=click.Choice(["layers", "losses", "rules", "maps"]))
@click.option("--markdown", "as_markdown", is_flag=True, help="Tables for a page, instead of the terminal.")
def catalogue(rooms: tuple[str, ...], as_markdown: bool) -> None:
    """List the layers, losses, derivative rules and linear maps that are registered; ROOMS narrow it down."""
    chosen = [table for table in tables() if not rooms or table.title in rooms]
    if as_markdown:
        click.echo("\n\n".join(markdown(table) for table in chosen))
        return
    console = Console(highlight=False)
    for table in chosen:
        shown = rich_table.Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1))
        for heading in table.headings:
            shown.add_column(heading, overflow="fold")
        for row in table.rows:
            shown.add_row(*(escape(cell.replace("`", "").replace("\\|", "|")) for cell in row))
        console.print(shown)
