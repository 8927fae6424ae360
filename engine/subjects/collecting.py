"""Finding layers in modules: a layer that stands in a file is registered, and nothing else needs to be said."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from .layer import Layer


def layers_in(package: str, paths: Iterable[str]) -> dict[str, Layer]:
    """The layers of all modules of a package, by name, in alphabetical order of the modules."""
    found: dict[str, Layer] = {}
    for module in sorted(pkgutil.iter_modules(paths), key=lambda module: module.name):
        found.update(layers_of(import_module(f"{package}.{module.name}")))
    return found


def layers_of(module: ModuleType) -> dict[str, Layer]:
    """The layers defined in one module, by name; those it imported from elsewhere are not its own."""
    return {
        value.name: value
        for value in vars(module).values()
        if isinstance(value, Layer) and value.function.__module__ == module.__name__
    }
