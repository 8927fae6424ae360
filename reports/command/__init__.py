"""The command line, ``backproof``: one module a command."""

from __future__ import annotations

import click

from .check import check


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backproof")
def main() -> None:
    """Verify backpropagation: hand-written backward passes, judged in extended precision."""


main.add_command(check)
