"""The register of linear maps, so that each is verified as soon as it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..domains import Domain
from ..linear import LinearMap
from ..options import Option

Constructor = TypeVar("Constructor", bound=Callable[..., LinearMap])


@dataclass(frozen=True)
class MapEntry:
    """A map's constructor, and how to draw its parameters and its argument.

    The last argument of ``signature`` is what the map is applied to; those before it, and the options,
    are handed to ``construct``. ``of_complex``: the last argument is a complex array, with its two parts along the
    first axis.
    """

    construct: Callable[..., LinearMap]
    signature: str
    options: Mapping[str, Option]
    domain: Mapping[str, Domain]
    of_complex: bool = False

    @property
    def name(self) -> str:
        """The constructor's name."""
        return self.construct.__name__


VOCABULARY: dict[str, MapEntry] = {}


def linear_map(
    signature: str, *, domain: Mapping[str, Domain] | None = None, of_complex: bool = False, **options: Option
) -> Callable[[Constructor], Constructor]:
    """Register a constructor of linear maps under the signature of its parameters and its argument."""

    def register(construct: Constructor) -> Constructor:
        VOCABULARY[construct.__name__] = MapEntry(construct, signature, options, domain or {}, of_complex)
        return construct

    return register
