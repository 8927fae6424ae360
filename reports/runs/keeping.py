"""What a run has come to so far, and what is missing: written from time to time, so that nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from backproof.properties.processes import INTERRUPTED

from ..records.making import Record
from .interrupts import terminated_as_interrupted
from .running import Finished, Item, layer_in_stacks

KEPT_EVERY = 60.0  # seconds; and never more than a twentieth of the time goes into it
UNDER_WAY = "the run had not come to it when this was written"


@dataclass
class Kept:
    """The records of a run, the errors in descriptions, and the searches that have no verdict, with the reasons."""

    waiting: dict[Item, None]
    records: list[Record] = field(default_factory=list)
    errors: dict[str, None] = field(default_factory=dict)
    missing: list[Record] = field(default_factory=list)
    misdescribed: set[str] = field(default_factory=set)

    def add(self, finished: Finished) -> None:
        """Take in what became of a search."""
        self.waiting.pop(finished.item, None)
        if finished.record is not None:
            self.records.append(finished.record)
        elif finished.missing:
            self.missing.append(missing_record(finished.item.subject, finished.item.property, finished.missing))
        else:
            self.errors[finished.error] = None
            self.misdescribed.add(finished.item.subject)

    def all_missing(self, reason: str) -> list[Record]:
        """What has no verdict: lost on the way, or still waiting, for a reason."""
        wanted = [item for item in self.waiting if layer_in_stacks(item) not in self.wrong]
        return [*self.missing, *(missing_record(item.subject, item.property, reason) for item in wanted)]

    @property
    def wrong(self) -> set[str]:
        """The subjects that are falsified."""
        return {record["subject"] for record in self.records if record["verdict"] == "falsified"}


def missing_record(subject: str, name: str, reason: str) -> Record:
    """A search that was asked for and has no verdict."""
    return {"subject": subject, "property": name, "reason": reason}


def run_all(
    items: Sequence[Item],
    run: Callable[[Sequence[Item]], Iterator[Finished]],
    tell: Callable[[str, int, int], None],
    keep: Callable[[Kept], None],
    clock: Callable[[], float] = time.monotonic,
) -> Kept:
    """Run searches until all are done, or the run is interrupted; what is wrong alone is not looked at in stacks.

    ``tell(what, done, of)`` hears how far it is, and ``keep`` is handed what there is from time to time: the seconds
    that pass are the ``clock``'s.
    """
    due = clock() + KEPT_EVERY

    def run_some(chosen: Sequence[Item]) -> None:
        nonlocal due
        for number, finished in enumerate(run(chosen), start=1):
            tell("verifying", number, len(chosen))
            kept.add(finished)
            started = clock()
            if started > due:
                keep(kept)
                due = clock() + max(KEPT_EVERY, 20 * (clock() - started))

    kept = Kept(dict.fromkeys(items))
    alone = [item for item in items if layer_in_stacks(item) is None]
    try:
        with terminated_as_interrupted():
            run_some(alone)
            run_some(_in_stacks(items, kept))
    except KeyboardInterrupt:
        kept.missing, kept.waiting = kept.all_missing(INTERRUPTED), {}
    return kept


def _in_stacks(items: Sequence[Item], kept: Kept) -> list[Item]:
    """The searches in stacks that are worth it; the others need no verdict, or are missing as their layer is."""
    lost, chosen = {each["subject"] for each in kept.missing}, []
    for item in items:
        layer = layer_in_stacks(item)
        if layer in kept.wrong | kept.misdescribed:
            kept.waiting.pop(item)
        elif layer in lost:
            kept.add(Finished(item, None, missing=f"not run, because {layer} was not judged alone"))
        elif layer is not None:
            chosen.append(item)
    return chosen
