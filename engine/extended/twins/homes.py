"""Whose code it is: written by the user, installed beside it, or part of NumPy and of the engine."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Any

_ENGINE = str(Path(__file__).parents[2])
_LAYERS = (f"{_ENGINE}/layers", f"{_ENGINE}/losses")
_INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_SITES = frozenset(["site-packages", "dist-packages"])  # of the user, of the system, of an environment further down
_NEVER = frozenset(["numpy", "flint", "mpmath"])  # what the twins themselves are made of


def package_of(function: Any) -> str:
    """The package that a person's code belongs to: what it imports from there is theirs as well."""
    home = getattr(function, "__module__", None) or ""
    top = home.partition(".")[0]
    return home.rpartition(".")[0] if top == "backproof" else top


def is_users(packages: frozenset[str], home: str | None, file: str = "") -> bool:
    """Whether a module was written by a user: it belongs to the packages under test, or is not installed."""
    module = sys.modules.get(home or "")
    file = getattr(module, "__file__", None) or file
    if file.startswith(_ENGINE):
        return file.startswith(_LAYERS)
    if (home or "").partition(".")[0] in _NEVER:
        return False
    if any(home == package or (home or "").startswith(package + ".") for package in packages):
        return True
    if (home or "").startswith("backproof."):
        return False
    is_installed = file.startswith((*_INSTALLED, "<")) or not _SITES.isdisjoint(Path(file).parts)
    return bool(file) and not is_installed
