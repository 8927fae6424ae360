"""Where the subjects of a check are found: in the catalogue, in a Python file, or in a module; all, or one by name."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from backproof.engine.catalogue import registered
from backproof.engine.errors import SpecError, nearest
from backproof.engine.subjects import Layer, Subject, guessed, layer_subject, pair
from backproof.engine.subjects.collecting import layers_of

FORWARDS = ("{}_forward", "{}_fwd", "forward_{}", "fwd_{}", "{}")
BACKWARDS = ("{}_backward", "{}_bwd", "backward_{}", "bwd_{}", "{}_vjp", "{}_pullback", "{}_gradient", "{}_grad")
EXTRAS = ("torch", "jax", "autograd")


@dataclass(frozen=True)
class Source:
    """A Python file or an importable module, one name in it or all, and the signature for a pair of plain functions."""

    module: str
    name: str = ""
    signature: str = ""

    @property
    def stem(self) -> str:
        """What the subjects found there are called after."""
        return Path(self.module).stem if self.module.endswith(".py") else self.module.rpartition(".")[2]


@dataclass(frozen=True)
class Found:
    """Subjects by name, what was guessed of those that nobody described, and by which name a target speaks of each."""

    subjects: Mapping[str, Subject]
    guesses: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def source_of(target: str, signature: str = "") -> Source | None:
    """What ``file.py``, ``file.py::name`` or ``package.module:name`` speak of; None for a name of the catalogue."""
    if target.endswith(".py") or ".py::" in target:
        module, _, name = target.partition("::")
        return Source(module, name, signature)
    module, colon, name = target.partition(":")
    return Source(module, name.lstrip(":"), signature) if colon else None


@cache
def found_in(source: Source | None) -> Found:
    """The subjects of the catalogue, or of a file or module.

    Layers and subjects count, and suites of them; where there are none, or one name is asked for, functions too that
    are a forward and a backward by name. Raises SpecError where there is nothing to verify.
    """
    if source is None:
        return Found(registered())
    module = _module(source.module)
    if source.name:
        return _named(source, module)
    described = list(_described(module, source.stem))
    if described:
        return Found(
            {subject.name: subject for _, subject in described},
            names={subject.name: name for name, subject in described},
        )
    pairs = _pairs(module)
    if not pairs:
        raise SpecError(
            f"{source.module!r} defines no layer and no subject, and no two functions that are a forward and a "
            "backward by name. Decorate a NumPy function with backproof.layer, or describe what is there: "
            "affine = backproof.pair(affine_forward, affine_backward, '(n,i),(i,o)->(n,o)')."
        )
    return _guessed(source, pairs)


def _described(module: ModuleType, stem: str) -> Iterator[tuple[str, Subject]]:
    """The names in a module of what is described there, and the subjects."""
    for layer in layers_of(module).values():
        name = next(name for name, value in vars(module).items() if value is layer)
        yield name, layer_subject(layer, stem)
    for name, value in vars(module).items():
        subject = subject_of(value)
        if subject is not None:
            yield name, replace(subject, name=f"{stem}.{subject.name}")


def subject_of(value: Any) -> Subject | None:
    """The subject that a value is, or that it is the suite of."""
    inner = getattr(value, "subject", None) if type(value).__name__ == "Suite" else value
    return inner if isinstance(inner, Subject) else None


def _named(source: Source, module: ModuleType) -> Found:
    value: Any = module
    for part in source.name.split("::"):  # a suite may stand in a class
        value = getattr(value, part, None)
    if isinstance(value, Layer):
        subject = layer_subject(value, source.stem)
        return Found({subject.name: subject})
    described = subject_of(value)
    if described is not None:
        subject = replace(described, name=f"{source.stem}.{described.name}")
        return Found({subject.name: subject})
    pairs = {stem: both for stem, both in _pairs(module).items() if source.name in (stem, *(f.__name__ for f in both))}
    if not pairs:
        known = [*(name for name, kept in vars(module).items() if _is_own(kept, module)), *_pairs(module)]
        what = f"is not there.{nearest(source.name, known)}"
        if value is not None:
            what = f"is a {type(value).__name__}, and no backward goes with it by name."
        raise SpecError(
            f"{source.name!r} in {source.module!r} {what} Name a layer, a subject, or a "
            f"forward with a backward beside it, such as {source.name}_forward and {source.name}_backward."
        )
    return _guessed(source, pairs)


def _is_own(value: Any, module: ModuleType) -> bool:
    return isinstance(value, Layer | Subject) or (
        isinstance(value, FunctionType) and value.__module__ == module.__name__
    )


def _pairs(module: ModuleType) -> dict[str, tuple[FunctionType, FunctionType]]:
    """Forwards and backwards of a module that go together by name, by what is left of the names."""
    own = {
        name: kept for name, kept in vars(module).items() if isinstance(kept, FunctionType) and _is_own(kept, module)
    }
    pairs: dict[str, tuple[FunctionType, FunctionType]] = {}
    for name, backward in own.items():
        for ending in BACKWARDS:
            stem = _stem(name, ending)
            forwards = [own[f.format(stem)] for f in FORWARDS if stem and f.format(stem) in own]
            if forwards and forwards[0] is not backward:
                pairs.setdefault(stem, (forwards[0], backward))
    return pairs


def _stem(name: str, pattern: str) -> str:
    before, after = pattern.split("{}")
    fits = name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    return name[len(before) : len(name) - len(after)] if fits else ""


def _guessed(source: Source, pairs: Mapping[str, tuple[FunctionType, FunctionType]]) -> Found:
    subjects: dict[str, Subject] = {}
    said: list[str] = []
    for stem, (forward, backward) in pairs.items():
        make: Callable[..., Subject] = partial(_paired, forward, backward, stem)
        subject = make(source.signature, {}) if source.signature else guessed(make, forward, forward.__name__)
        subject = replace(subject, name=f"{source.stem}.{stem}")
        subjects[subject.name] = subject
        defaults = [p.name for p in inspect.signature(forward).parameters.values() if p.default is not p.empty]
        kept = f"; {', '.join(defaults)} as the default is" if defaults else ""
        still = [name for i, name in enumerate(subject.arguments) if not subject.is_differentiated(i)]
        kept += f"; {', '.join(still)} holds labels and has no cotangent" if still else ""
        guess = f'pair({forward.__name__}, {backward.__name__}, "{subject.signature}")'
        said.append(f"guessed: {stem} is {guess}{kept}")
    return Found(subjects, tuple(said), {f"{source.stem}.{stem}": stem for stem in pairs})


def _paired(forward: FunctionType, backward: FunctionType, stem: str, signature: str, domain: Any) -> Subject:
    return pair(forward, backward, signature, domain=domain, name=stem)


def _module(target: str) -> ModuleType:
    """The module that a file or a dotted name stands for; imported once, with its own folder on the path."""
    is_file = target.endswith(".py")
    name = f"_backproof_target_{Path(target).stem}" if is_file else target
    if is_file and name in sys.modules and sys.modules[name].__file__ != str(Path(target).resolve()):
        name = f"{name}_{zlib.crc32(str(Path(target).resolve()).encode()):08x}"  # another folder's file of that name
    if name in sys.modules:
        return sys.modules[name]
    folder = str(Path(target).resolve().parent if is_file else Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return _executed(name, Path(target)) if is_file else importlib.import_module(name)
    except SpecError:
        raise
    except Exception as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        remedy = f". Remedy: pip install 'backproof[{missing}]'" if missing in EXTRAS else ""
        raise SpecError(f"{target!r} cannot be imported: {type(error).__name__}: {error}{remedy}") from error


def _executed(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file.resolve())
    if spec is None or not file.exists():
        raise SpecError(f"{str(file)!r} is not a Python file that can be read. Name an existing file ending in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        # From the source: bytecode counts as current where size and second of the source are as they were, and a
        # file that was mended within that second would be judged as it had been.
        exec(compile(file.read_bytes(), str(file.resolve()), "exec", dont_inherit=True), vars(module))
    except BaseException:
        del sys.modules[name]
        raise
    return module
