"""The pullback of one forward does not depend on what was called before it, or in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.domains import Interval, Labels, Orthogonal, Simplex, Triangular
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Mismatch, Setting, falsified, float_mismatch, passed, sentence_property
from .references.on_floats import difference, on_floats
from .references.plain_runs import Answers, Raised, answers, plainly, pulled, run

Array = np.ndarray[Any, Any]


@sentence_property(
    "The pullback gives the same answers when it is called twice, after another forward, and after a larger call."
)
@on_floats
def repeatable(subject: Subject, point: Point, setting: Setting) -> Judgement:
    output, pullback = run(subject, [p.copy() for p in point.primals], point.options)
    alone = Answers(np.array(output), pulled(subject, pullback, point.cotangent.copy()))
    found = _called_twice(subject, point, alone, pullback)
    if found is None:
        found = _after_another_forward(subject, point, setting, alone)
    if found is None:
        found = _after_a_larger_call(subject, point, setting)
    if found is None:
        return passed(Evidence.NATIVE)
    return falsified(found.reason, Evidence.NATIVE, mismatch=found.mismatch)


@dataclass(frozen=True)
class _Found:
    reason: str
    mismatch: Mismatch | None = None


def _called_twice(subject: Subject, point: Point, alone: Answers, pullback: Any) -> _Found | None:
    """On the same memory the same call must give the same bits."""
    try:
        again = pulled(subject, pullback, point.cotangent.copy())
    except Raised as raised:
        return _Found(f"called a second time, the pullback raised {raised}")
    for name, one, other in zip(subject.arguments, alone.cotangents, again, strict=True):
        if one is not None and other is not None and not np.array_equal(one, other, equal_nan=True):
            reason = f"called a second time, the pullback gives another cotangent for {name}"
            return _Found(reason, float_mismatch(name, one, other))
    return None


def _after_another_forward(subject: Subject, point: Point, setting: Setting, alone: Answers) -> _Found | None:
    """A forward of other numbers, of the same shapes, between forward and pullback."""
    _, pullback = run(subject, [p.copy() for p in point.primals], point.options)
    try:
        run(subject, [_elsewhere(d, p) for d, p in zip(subject.domains, point.primals, strict=True)], point.options)
    except Raised:
        return None  # nobody said that those numbers go together
    try:
        later = Answers(alone.output, pulled(subject, pullback, point.cotangent.copy()))
    except Raised as raised:
        return _Found(f"after another forward, the pullback of the first one raised {raised}")
    differs = difference(subject, point, setting, alone, later)
    if differs is None:
        return None
    return _Found(
        f"after another forward, the pullback of the first one gives another answer for {differs.name}: "
        "what it keeps is overwritten",
        differs.mismatch,
    )


def _after_a_larger_call(subject: Subject, point: Point, setting: Setting) -> _Found | None:
    """A smaller call before and after the point's own: what was left behind by the larger one must not show."""
    smaller = _smaller(subject, point)
    if smaller is None:
        return None
    try:
        output = run(subject, [p.copy() for p in smaller], point.options)[0]
        ct = np.resize(point.cotangent, np.shape(output))
        before = answers(subject, [p.copy() for p in smaller], point.options, ct.copy())
    except Raised:
        return None  # the options may not fit fewer numbers
    plainly(subject, point)
    small = Point(tuple(smaller), point.options, ct)
    try:
        differs = difference(subject, small, setting, before, plainly(subject, small))
    except Raised as raised:
        return _Found(f"after a larger call, a smaller one raised {raised}")
    if differs is None:
        return None
    return _Found(f"after a larger call, a smaller one gives another answer for {differs.name}", differs.mismatch)


def _elsewhere(domain: object, primal: Array) -> Array:
    """Other numbers of the same domain: in reverse order, and others where the domain lets them be."""
    if isinstance(domain, Triangular):
        return primal.copy()
    turned = np.flip(primal).copy()
    if not isinstance(domain, Interval):
        return turned
    if np.isfinite(domain.low) and np.isfinite(domain.high):
        return np.asarray(domain.low + (turned - domain.low) / 2)
    if np.isfinite(domain.low):
        return np.asarray(domain.low + 2 * (turned - domain.low))
    return np.asarray(turned - 1 if np.isinf(domain.low) else turned)


def _smaller(subject: Subject, point: Point) -> Sequence[Array] | None:
    """The point's arrays with every named dimension halved; None where that leads out of a domain, or nowhere."""
    if not all(isinstance(option, Choice | Real) for option in subject.options.values()):
        return None
    if any(isinstance(domain, Simplex | Orthogonal) for domain in subject.domains):
        return None
    signature = subject.signature
    if signature.broadcasts:
        halved = [p[tuple(slice(0, (size + 1) // 2) for size in p.shape)] for p in point.primals]
    else:
        sizes, _ = signature.bind([p.shape for p in point.primals])
        halved = [
            _halved(p, dimensions, domain, sizes)
            for p, dimensions, domain in zip(point.primals, signature.inputs, subject.domains, strict=True)
        ]
    return None if all(h.shape == p.shape for h, p in zip(halved, point.primals, strict=True)) else halved


def _halved(primal: Array, dimensions: Sequence[Any], domain: object, sizes: Mapping[str, int]) -> Array:
    named = [d for d in dimensions if d != "..."]
    cut = tuple(slice(0, (sizes[d] + 1) // 2) if d in sizes else slice(None) for d in named)
    part = primal[(..., *cut)]
    if isinstance(domain, Labels) and domain.dimension in sizes:
        return part % ((sizes[str(domain.dimension)] + 1) // 2)
    return part
