"""Derivations: what stands in the docstrings of the catalogue, in operator notation, and whether it held in a run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backproof.engine.catalogue import registered
from backproof.engine.derivatives import DEFINITIONS, RULES, special_rules
from backproof.engine.errors import BackproofError
from backproof.engine.explaining import Explained, explain_subject
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.maps import VOCABULARY
from backproof.engine.subjects import Layer, Subject

from ..pages import SYMBOLS, template
from ..records.making import Record
from .formulas import prose

ROOMS = {
    "layers": "Layers",
    "losses": "Losses",
    "rules": "Derivative rules",
    "maps": "Linear maps",
}


@dataclass(frozen=True)
class Derivation:
    """One entry of the catalogue: its words, and the subjects by which it is verified."""

    room: str
    name: str
    functions: tuple[Callable[..., Any], ...]  # whose docstrings tell it
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What a run said of an entry: the worst verdict, the points, the fewest digits, and the first counterexample."""

    verdict: str
    properties: int
    points: int
    digits: float | None
    counterexample: str | None


def derivations_page(record: Record) -> str | None:
    """The page of all entries of the catalogue that a run judged; None where it judged none."""
    judged: dict[str, list[Record]] = {}
    for item in record["items"]:
        judged.setdefault(item["subject"], []).append(item)
    if not any(name.partition(".")[0] in ROOMS for name in judged):
        return None  # and thousands of other people's runs need not build the catalogue
    subjects = registered()
    sections = [(each, _verdict(each, judged)) for each in derivations(subjects)]
    shown = [(each, verdict) for each, verdict in sections if verdict is not None]
    if not shown:
        return None
    return template("derivations.html.j2").render(
        run=record,
        symbols=SYMBOLS,
        rooms=[
            (room, title, [_section(each, verdict, subjects) for each, verdict in shown if each.room == room])
            for room, title in ROOMS.items()
            if any(each.room == room for each, _ in shown)
        ],
    )


def derivations(names: Iterable[str]) -> Iterator[Derivation]:
    """All entries of the catalogue, in the order of its rooms and of their registers; ``names`` of its subjects."""
    for room, layers in (("layers", LAYERS), ("losses", LOSSES)):
        for layer in sorted(layers.values(), key=lambda each: each.name):
            yield Derivation(room, layer.name, _written(layer), (f"{room}.{layer.name}",))
    told = [(rule.name, rule.derive) for rule in (*RULES.values(), *special_rules())]
    told += [(definition.name, definition.define) for definition in DEFINITIONS.values()]
    for name, function in sorted(told, key=lambda each: each[0].rstrip("_")):
        own = (f"rules.{name}", f"rules.{name}_complex")
        subjects = tuple(each for each in names if each.split(" ")[0] in own)
        yield Derivation("rules", name.rstrip("_"), (function,), subjects)
    for name in sorted(VOCABULARY):
        yield Derivation("maps", name, (VOCABULARY[name].construct,), (f"maps.{name}",))


def _written(layer: Layer) -> tuple[Callable[..., Any], ...]:
    return (layer.function, layer.fused) if layer.fused else (layer.function,)


def _verdict(derivation: Derivation, judged: dict[str, list[Record]]) -> Verdict | None:
    items = [item for subject in derivation.subjects for item in judged.get(subject, ())]
    if not items:
        return None
    verdicts = [item["verdict"] for item in items]
    digits = [item["digits"] for item in items if item["evidence"] != "native" and item["digits"] is not None]
    return Verdict(
        next((worst for worst in ("falsified", "inconclusive") if worst in verdicts), "passed"),
        len({item["property"] for item in items}),
        sum(item["points"] for item in items),
        min(digits, default=None),
        next((item["counterexample"]["id"] for item in items if item["counterexample"]), None),
    )


def _section(derivation: Derivation, verdict: Verdict, subjects: dict[str, Subject]) -> Record:
    explained = _explained(subjects[derivation.subjects[0]])
    return {
        "name": derivation.name,
        "anchor": f"{derivation.room}-{derivation.name}",
        "takes": [str(subjects[name].signature) for name in derivation.subjects],
        "paragraphs": [p for function in derivation.functions for p in _paragraphs(function)],
        "verdict": verdict,
        "explained": explained,
        "operator_characters": sum(len(e.derivative + e.pullback) for e in explained.explanations) if explained else 0,
    }


def _paragraphs(function: Callable[..., Any]) -> Sequence[str]:
    """The paragraphs of a docstring as HTML."""
    return [prose(" ".join(part.split())) for part in (inspect.getdoc(function) or "").split("\n\n")]


def _explained(subject: Subject) -> Explained | None:
    """The derivative in operator notation; None where there is none to be written."""
    try:
        return explain_subject(subject)
    except (BackproofError, TypeError, ValueError, IndexError, NotImplementedError):
        return None
