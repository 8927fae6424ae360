"""Running many searches in processes of their own, so that none takes the others along."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from backproof.properties.processes import DIED, DOES_NOT_END, Stopped, run_limited
from backproof.properties.profiles import PROFILES, STACKS_A_POINT

from ..forms.telling import RUN_ALONE
from .limits import longest, share_of_memory
from .running import STACKS, Finished, Item, run_item
from .searches import STACKS_WITH

WORTH_MORE = 8  # searches that are worth a second process, which takes a second to start


def run_items(
    items: Sequence[Item], processes: int, limit: float | None = None, memory: int | None = None
) -> Iterator[Finished]:
    """Run searches in so many processes; results come as they are ready. In this very process where there are none.

    A search that takes longer than ``limit`` seconds is stopped, and one whose process dies is lost, alone: both are
    missing. ``memory`` is the bytes that a process may hold. What they are where they are None, `limits` says.
    """
    if processes == 0:
        yield from map(run_item, items)
        return
    processes = processes if len(items) >= WORTH_MORE else 1
    late: dict[str, str] = {}
    limits = [longest(item.effort) if limit is None else limit for item in items]
    memory = share_of_memory(processes) if memory is None else memory
    work = list(zip(items, limits, strict=True))
    for number, result in run_limited(run_item, work, processes, memory, lambda item: late.get(item.subject, "")):
        item = items[number]
        if isinstance(result, Stopped):
            if result.reason == DOES_NOT_END:
                late[item.subject] = f"not run, because {item.property} of it took too long"
            yield Finished(item, None, missing=_why(item, result, limits[number]))
        else:
            yield result


def _why(item: Item, stopped: Stopped, limit: float) -> str:
    """Why a search was stopped, and what to do about it."""
    where = f" in {stopped.where}" if stopped.where else ""
    if stopped.reason == DOES_NOT_END:
        return f"took longer than {limit:g} s, and was stopped{where}{RUN_ALONE}{command_of(item)}"
    if stopped.reason == DIED:
        return f"its process died ({stopped.ended}){where}{RUN_ALONE}{command_of(item)}"
    return f"{stopped.reason}{where}"


def command_of(item: Item) -> str:
    """The command that makes a search alone, with the same points."""
    source, effort = item.source, item.effort
    target = item.subject
    if source is not None:
        target = source.module + (("::" if source.module.endswith(".py") else ":") + source.name) * bool(source.name)
    words = ["backproof", "check", target]
    words += ["--signature", source.signature] if source is not None and source.signature else []
    words += ["--properties", item.property] if not item.subject.startswith(STACKS_WITH) else []
    is_of_stacks = item.subject.startswith(STACKS)
    if effort.examples != PROFILES["dev"] * (STACKS_A_POINT if is_of_stacks else 1):
        words += ["--stacks" if is_of_stacks else "--examples", str(effort.examples)]
    words += ["--seed", str(effort.seed)] if effort.seed else []
    return shlex.join(words)
