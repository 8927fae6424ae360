"""What a counterexample's record holds so that it can be judged again: where the subject is, and how it was judged."""

from __future__ import annotations

from typing import Any

from backproof.engine.subjects import Stage
from backproof.properties.searching import Counterexample, Outcome

from ..records.option_values import value_record
from .origins import Origin, origin_of_stage

Record = dict[str, Any]


def replay_record(outcome: Outcome, found: Counterexample, origin: Origin) -> Record:
    """The keys of a counterexample's record that a replay needs beside the point, and the way down to the point."""
    return {
        "target": origin.target,
        "given_signature": origin.signature,
        "test": origin.test,
        "search": outcome.subject,
        "property": outcome.property.name,
        "sentence": outcome.property.sentence,
        "verdict": outcome.verdict.value,
        "evidence": outcome.evidence.value,
        "digits": None if outcome.digits is None else round(outcome.digits, 1),
        "bits": found.judgement.bits,
        "seed": outcome.seed,
        "arithmetic": outcome.arithmetic,
        "option_values": _values(found.point.options),
        "stages": [_stage_record(stage, origin) for stage in found.subject.stages],
        "path": [{"shapes": [list(shape) for shape in step.shapes], "layers": step.layers} for step in found.path],
    }


def _stage_record(stage: Stage, origin: Origin) -> Record:
    own = origin_of_stage(stage, origin)
    return {
        "subject": stage.subject.name,
        "target": own.target,
        "given_signature": own.signature,
        "takes": list(stage.takes),
        "option_values": _values(stage.options),
        "is_added": stage.is_added,
        "opens": stage.opens,
        "closes": stage.closes,
    }


def _values(options: Any) -> Record:
    return {name: value_record(value) for name, value in options.items()}
