"""The command line, ``backproof``: one module a command."""

from __future__ import annotations

import click

from .baseline import baseline
from .catalogue import catalogue
from .check import check
from .demo import demo
from .explain import explain
from .merge import merge
from .mutate import mutate
from .replay import replay
from .scaling import scaling
from .soak import soak


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backproof")
def main() -> None:
    """Verify backpropagation: hand-written backward passes, judged in extended precision."""


for command in (check, replay, baseline, merge, catalogue, explain, mutate, scaling, demo, soak):
    main.add_command(command)
