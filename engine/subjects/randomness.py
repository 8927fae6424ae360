"""Random numbers that a forward draws: the same ones in every run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Randomness:
    """Where the random generators stood: Python's, NumPy's, and those that functions lead to."""

    python: Any
    numpy: Any
    generators: tuple[tuple[np.random.BitGenerator, Any], ...]

    def put_back(self) -> None:
        """Let all of them stand there again."""
        random.setstate(self.python)
        np.random.set_state(self.numpy)
        for generator, state in self.generators:
            generator.state = state


def randomness_of(*functions: Callable[..., Any]) -> Randomness:
    """Where the generators that functions can reach through globals, closures and defaults stand now."""
    reached = {id(generator): generator for function in functions for generator in _generators(function)}
    states = tuple((generator, generator.state) for generator in reached.values())
    return Randomness(random.getstate(), np.random.get_state(), states)


def _generators(function: Any) -> Iterator[np.random.BitGenerator]:
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    defaults = getattr(function, "__defaults__", None) or ()
    for value in (*getattr(function, "__globals__", {}).values(), *cells, *defaults):
        if isinstance(value, np.random.Generator):
            yield value.bit_generator
        elif isinstance(value, np.random.RandomState):
            yield value._bit_generator
