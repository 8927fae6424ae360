"""The searches that verifying one subject takes, whoever asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backproof.engine.errors import SpecError, listed, nearest
from backproof.engine.layers import LAYERS
from backproof.engine.subjects import Layer, Subject, layer_subject, not_stackable
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Property
from backproof.properties.searching import Effort, Outcome, search, search_stacks

STACKS_WITH = "stacks with "  # and the name of a subject that is one of their layers
IN_STACKS = "chain_rule"  # what stacks with a subject are judged by: it holds whatever the subject declares


@dataclass(frozen=True)
class Search:
    """A subject against a property; or random stacks of registered layers, with the subject in each of them."""

    subject: Subject
    judged_by: Property
    in_stacks: bool = False

    @property
    def title(self) -> str:
        """What the search is called within its subject."""
        return "in_stacks" if self.in_stacks else self.judged_by.name

    @property
    def name(self) -> str:
        """What the subject is called in the report."""
        return STACKS_WITH + self.subject.name if self.in_stacks else self.subject.name

    def run(self, effort: Effort) -> Outcome:
        """Make the search. Raises SpecError where the subject contradicts its own description."""
        if not self.in_stacks:
            return search(self.subject, self.judged_by, effort)
        layers: dict[str, Layer | Subject] = {**LAYERS, self.subject.name: self.subject}
        return search_stacks(self.judged_by, effort, layers, required=self.subject.name)


def as_subject(subject: Any) -> Subject:
    """The subject that a layer or a subject is. Raises SpecError for anything else, with the remedy."""
    if isinstance(subject, Layer):
        return layer_subject(subject, "layers")
    if not isinstance(subject, Subject):
        raise SpecError(
            f"subject={subject!r} is a {type(subject).__name__}, but should be a layer or a subject. "
            "Describe a function first: backproof.pair(forward, backward, signature), "
            "backproof.pullback(op, signature), or @backproof.layer(signature)."
        )
    return subject


def searches_of(subject: Subject, properties: Iterable[str] | None = None) -> tuple[Search, ...]:
    """The searches of all properties that apply and of stacks, or of the properties that are named.

    Raises SpecError for a name that is no property, or that of one which does not apply to the subject.
    """
    if properties is None:
        alone = tuple(Search(subject, prop) for prop in applicable(subject))
        return alone if not_stackable(subject) else (*alone, Search(subject, PROPERTIES[IN_STACKS], in_stacks=True))
    return tuple(Search(subject, _named(subject, name)) for name in must_be_properties(properties))


def must_be_properties(names: Iterable[str]) -> Sequence[str]:
    """Names of properties. Raises SpecError where one is none."""
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in PROPERTIES:
            raise SpecError(f"properties names {name!r}.{nearest(name, PROPERTIES)} They are {listed(PROPERTIES)}.")
    return chosen


def _named(subject: Subject, name: str) -> Property:
    why = PROPERTIES[name].unless(subject)
    if why is not None:
        raise SpecError(f"properties names {name!r}, which does not apply to {subject.name}: {why}. Leave it out.")
    return PROPERTIES[name]
