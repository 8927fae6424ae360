"""The contract of a pullback: one cotangent an argument, of the argument's shape and dtype."""

from __future__ import annotations

from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.subjects import Subject, checked_vjp, quietly
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, passed, sentence_property

DTYPES = (np.float64, np.float32)


@sentence_property("Each cotangent has exactly the shape and the dtype of the argument it belongs to.")
def shapes_and_dtypes(subject: Subject, point: Point, setting: Setting) -> Judgement:
    with quietly():  # an overflow is another property's business
        for dtype in DTYPES:
            reason = _contradiction(subject, point, dtype)
            if reason:
                return falsified(f"in {np.dtype(dtype)}, {reason}", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


def _contradiction(subject: Subject, point: Point, dtype: Any) -> str | None:
    primals = [p.astype(dtype) if p.dtype.kind == "f" else p.copy() for p in point.primals]
    output, pullback = checked_vjp(subject, primals, point.options)
    if np.asarray(output).dtype != dtype:
        return None  # a forward that does not keep this dtype promises nothing about it
    try:
        cotangents = pullback(point.cotangent.astype(dtype))
    except BackproofError:
        raise
    except ZeroDivisionError:
        if all(primal.size for primal in primals):
            return "the pullback raised ZeroDivisionError"
        return None  # divided by a size that is zero here: there is nothing to have a cotangent
    except Exception as error:
        return f"the pullback raised {type(error).__name__}: {error}"
    for position, (name, primal, cotangent) in enumerate(zip(subject.arguments, primals, cotangents, strict=True)):
        if not subject.is_differentiated(position):
            continue
        if cotangent is None:
            return f"the cotangent for {name} is None, but {name} is differentiable"
        if np.shape(cotangent) != primal.shape:
            return f"the cotangent for {name} has shape {np.shape(cotangent)}, but should have {primal.shape}"
        if np.asarray(cotangent).dtype != primal.dtype:
            return f"the cotangent for {name} is {np.asarray(cotangent).dtype}, but should be {primal.dtype}"
    return None
