"""How the cotangents of a traced subject change along tangents, in both orders of differentiation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from ..linear import Array
from ..transforms import hvp
from .subject import Hvp


class Curvature(TypedDict):
    """The two fields of a `Subject` that hold its Hessian-vector products."""

    hvp: Hvp
    hvp_by_reverse: Hvp


def curvature(bound: Callable[[Mapping[str, Any]], Callable[..., Array]]) -> Curvature:
    """Hessian-vector products of ``<ct, f>`` for the function f that ``bound`` gives for a call's options."""

    def products(mode: str) -> Hvp:
        def curved(
            primals: Sequence[Array], tangents: Sequence[Array | None], ct: Array, **options: Any
        ) -> Sequence[Array | None]:
            function = bound(options)
            return hvp(lambda *arrays: np.sum(ct * function(*arrays)), primals, tangents, mode)

        return curved

    return {"hvp": products("forward over reverse"), "hvp_by_reverse": products("reverse over forward")}
