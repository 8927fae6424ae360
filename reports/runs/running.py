"""The searches that targets ask for, and running one of them: the same points whoever runs them."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from backproof.engine.catalogue import registered
from backproof.engine.errors import BackproofError, SpecError, listed, nearest
from backproof.engine.layers import LAYERS
from backproof.engine.subjects import Subject, append, empty_stack, not_stackable, stack_subject
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.profiles import surveyed
from backproof.properties.searching import Effort, search_stacks
from backproof.properties.tests.pairs import right_subjects as pairs
from backproof.properties.tests.zoo import right_subjects as zoo

from ..records.making import Record, outcome_record
from ..replay.origins import Origin, origin_in
from .searches import IN_STACKS, STACKS_WITH, Search, must_be_properties
from .targets import Source, found_in, source_of

STACKS = "stacks"


@dataclass(frozen=True)
class Item:
    """One search: a subject of the catalogue or of a file, or all stacks, against one property."""

    subject: str
    property: str
    effort: Effort
    source: Source | None = None


@dataclass(frozen=True)
class Finished:
    """What became of an item: its record, or the error in the subject's description, or why there is neither."""

    item: Item
    record: Record | None
    error: str = ""
    missing: str = ""


HAND_WRITTEN = ("pairs.", "zoo.")


@cache
def _right_code() -> dict[str, Subject]:
    """Hand-written code that is right: the pairs, and the right twins of the zoo."""
    return {
        f"{room}.{subject.name}": subject for room, twins in (("pairs", pairs), ("zoo", zoo)) for subject in twins()
    }


def right_items(points: int, seed: int) -> list[Item]:
    """Searches on code that is right, of at least so many points together: the catalogue, stacks, hand-written."""
    known = [
        (name, prop.name) for name, subject in (registered() | _right_code()).items() for prop in applicable(subject)
    ]
    known += [(STACKS, name) for name in _of_stacks()]
    known += [(name, IN_STACKS) for name in _stacks_with(_right_code())]
    if points < len(known):
        known = random.Random(seed).sample(known, points)
    effort = Effort(-(-points // len(known)), seed)
    return [Item(name, prop, effort) for name, prop in known]


def items_for(
    targets: Sequence[str],
    effort: Effort,
    stacks: int,
    properties: Sequence[str] | None = None,
    signature: str = "",
) -> list[Item]:
    """The searches that targets ask for: names of subjects (or their ends), rooms, files, ``stacks``.

    Where there are none, a survey of everything: fewer points of each.
    Only those by some ``properties``, where these are given. Raises SpecError for a target that names nothing.
    """
    chosen = PROPERTIES if properties is None else must_be_properties(properties)
    if signature and not any(source_of(target) for target in targets):
        raise SpecError(f"--signature {signature!r} is of a pair of functions: name one, as in file.py::affine.")
    items: list[Item] = []
    names = registered()
    if not targets:
        effort = replace(effort, examples=surveyed(effort.examples))
    for target in targets or ["layers", "losses", "maps", "rules", *([STACKS] if stacks else [])]:
        if target == STACKS:
            effort_of_stacks = replace(effort, examples=stacks)
            items += [Item(STACKS, name, effort_of_stacks) for name in _of_stacks() if name in chosen]
            continue
        source = source_of(target, signature)
        found = found_in(source).subjects if source else {n: s for n, s in names.items() if _is_meant(target, n)}
        if not found:
            raise SpecError(
                f"{target!r} names no subject.{nearest(target, {*names, *(n.split('.')[-1] for n in names)})} "
                f"Name a subject such as 'affine' or 'rules.tanh', one of {listed(_rooms(names))}, a Python file, or "
                "one name in it: file.py::name, package.module:name."
            )
        for subject in found.values():
            judged_by = [prop.name for prop in applicable(subject) if prop.name in chosen]
            items += [Item(subject.name, name, effort, source) for name in judged_by]
        if source is not None and stacks and properties is None:
            items += [Item(name, IN_STACKS, replace(effort, examples=stacks), source) for name in _stacks_with(found)]
    return list(dict.fromkeys(items))


@cache
def _of_stacks() -> tuple[str, ...]:
    """The properties that apply to stacks of registered layers, whatever these are."""
    stack = empty_stack((2, 3))
    for layer in LAYERS.values():
        stack = append(stack, layer, 2, {}) or stack
    return tuple(prop.name for prop in applicable(stack_subject(stack)))


def layer_in_stacks(item: Item) -> str | None:
    """The subject that is in all stacks of a search; None where the search is not of such stacks."""
    return item.subject.removeprefix(STACKS_WITH) if item.subject.startswith(STACKS_WITH) else None


def _stacks_with(subjects: Mapping[str, Subject]) -> list[str]:
    """What the stacks of those subjects are called that can be in one."""
    return [STACKS_WITH + name for name, subject in subjects.items() if not_stackable(subject) is None]


def _is_meant(target: str, name: str) -> bool:
    bare = name.split(" ")[0].rstrip("_")  # where the name itself is Python's or another rule's
    return (
        name == target or name.startswith((target + ".", target + " ")) or bare == target or bare.endswith(f".{target}")
    )


def _rooms(names: dict[str, Subject]) -> list[str]:
    return [*dict.fromkeys(name.split(".")[0] for name in names), STACKS]


def origin_of_item(item: Item) -> Callable[[object], Origin]:
    """Where the subject of an item is found again."""
    return lambda _: origin_in(item.source, item.subject.removeprefix(STACKS_WITH))


def run_item(item: Item) -> Finished:
    """Run one search to its record."""
    prop = PROPERTIES[item.property]
    try:
        if item.subject == STACKS:
            return Finished(item, outcome_record(search_stacks(prop, item.effort), origin_of_item(item)))
        name = item.subject.removeprefix(STACKS_WITH)
        subject = (_right_code() if name.startswith(HAND_WRITTEN) else found_in(item.source).subjects)[name]
        made = Search(replace(subject, name=name), prop, in_stacks=name != item.subject)
        return Finished(item, outcome_record(made.run(item.effort), origin_of_item(item)))
    except BackproofError as error:
        return Finished(item, None, str(error))
    except MemoryError as error:
        return Finished(item, None, missing=f"ran out of memory{_place_of(error)}: {error or 'nothing is left'}")
    except Exception as error:
        said = f"{item.subject}: {type(error).__name__}: {error}{_place_of(error)}"
        return Finished(item, None, said)
    except SystemExit as error:
        return Finished(item, None, missing=f"its code ends the program: SystemExit({error.code}){_place_of(error)}")


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
