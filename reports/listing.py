"""The catalogue as tables: what the engine knows, and has verified."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from backproof.engine.derivatives import DEFINITIONS, RULES, path_of, special_rules
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.maps import VOCABULARY
from backproof.engine.subjects import Layer


@dataclass(frozen=True)
class Table:
    """Rows under headings."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables() -> tuple[Table, ...]:
    """Layers, losses, derivative rules by kind, and linear maps, as the registers have them."""
    return (
        Table("layers", ("layer", "takes", "options", "by hand", "what it is"), tuple(_layer_rows(LAYERS.values()))),
        Table("losses", ("loss", "takes", "options", "by hand", "what it is"), tuple(_layer_rows(LOSSES.values()))),
        Table("rules", ("derivative rules", "of"), tuple(_rule_rows())),
        Table("maps", ("linear map", "what it is"), tuple(_map_rows())),
    )


def markdown(table: Table) -> str:
    """A table in Markdown; the first column, and what a layer takes, as code."""
    lines = [f"| {' | '.join(table.headings)} |", "|" + "---|" * len(table.headings)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in table.rows)])


def _layer_rows(layers: Iterable[Layer]) -> Iterator[tuple[str, ...]]:
    for layer in sorted(layers, key=lambda each: each.name):
        options = ", ".join(_code(name) for name in layer.options)
        by_hand = "yes" if layer.fused else ""
        yield _code(layer.name), _code(str(layer.signature)), options, by_hand, _first_sentence(layer.function)


def _rule_rows() -> Iterator[tuple[str, ...]]:
    known = [(rule.derive, path_of(rule.function)) for rule in (*RULES.values(), *special_rules())]
    known += [(definition.define, path_of(definition.function)) for definition in DEFINITIONS.values()]
    kinds: dict[str, set[str]] = {}
    for derive, path in known:
        if not path.startswith("backproof"):
            kinds.setdefault(derive.__module__.rpartition(".")[2].replace("_", " "), set()).add(path)
    for kind in sorted(kinds):
        yield kind, ", ".join(_code(path) for path in sorted(kinds[kind]))


def _map_rows() -> Iterator[tuple[str, ...]]:
    for name in sorted(VOCABULARY):
        yield _code(name), _first_sentence(VOCABULARY[name].construct)


def _first_sentence(function: Callable[..., Any]) -> str:
    words = " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
    sentence = words.partition(". ")[0].partition(": ")[0] if not words.startswith("``") else words.partition("; ")[0]
    return sentence.rstrip(".").replace("``", "`").replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`"
