"""The source of forwards and pullbacks, for standalone scripts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from backproof.engine.subjects import Stage, Subject, quietly
from backproof.strategies.points import Point

from .bundling import NotBundled, bundle
from .literals import identifier, options_source

SCRIPTS_OWN = (
    *("forward", "pullback", "primals", "names", "differentiated", "cotangent", "options", "what", "shape", "expected"),
    *("got", "position", "untold", "replay", "cotangent_of", "differences", "shows", "digits", "with_mpmath"),
    *("verdict", "returned", "agreeing", "why", "mpmath", "np", "sys", "entry", "place"),
)
_OUTPUT = """def {name}(*arrays, **options):
    returned = {written}(*arrays, **options)
    return returned[0] if isinstance(returned, tuple) else returned"""
_PAIR = """def pullback(ct, *arrays, **options):
    returned = {forward}(*arrays, **options)
    cache = returned[1:] if isinstance(returned, tuple) and len(returned) > 1 else arrays
    return {backward}({order}{passed})"""
_OPERATION = """def pullback(ct, *arrays, **options):
    return {operation}(*arrays, **options)[1](ct)"""


def embedded(source: Callable[[Subject, Point], str], subject: Subject, point: Point) -> tuple[str, str]:
    """The source of something; or nothing, and why it is not to be had."""
    try:
        return source(subject, point), ""
    except NotBundled as error:
        return "", str(error)


def forward_source(subject: Subject, _: Point) -> str:
    """The forward, called ``forward``. Raises NotBundled."""
    if subject.stages:
        return _stack_source(subject.stages)
    if isinstance(subject.forward, np.ufunc) or getattr(subject.forward, "__module__", "") == "numpy":
        return f"forward = np.{subject.forward.__name__}"
    if not _is_wrapped(subject):
        return "\n\n\n".join(bundle(subject.forward, "forward"))
    written = subject.code[0]
    return "\n\n\n".join([*_bundled(written), _OUTPUT.format(name="forward", written=called(written))])


def pullback_source(subject: Subject, point: Point) -> str:
    """The pullback, called ``pullback``; it may call what stands in `forward_source`. Raises NotBundled."""
    if subject.stages:
        raise NotBundled("it is that of a stack")
    if _is_wrapped(subject):
        return _pair_source(subject, point) if len(subject.code) == 2 else _operation_source(subject)
    if len(subject.code) != 2 or subject.written_in is None:
        raise NotBundled("it is the tape's own, or more than a plain function")
    if subject.forward is not subject.code[0]:
        raise NotBundled("its arguments are nested")
    run = "\n\n\n".join(_bundled(subject.written_in, "run"))
    return f"{run}\n\n\n{_OPERATION.format(operation='run')}"


def called(function: Callable[..., Any]) -> str:
    """What a function is called in a script: its own name, unless the script needs that itself."""
    name = str(getattr(function, "__name__", "pullback"))
    return f"written_{name}" if name in SCRIPTS_OWN else name


def _bundled(function: Callable[..., Any], name: str = "") -> list[str]:
    """The source of a function with what it needs. Raises NotBundled where that has a name of the script's own."""
    chunks = bundle(function, name or called(function))
    for chunk in chunks:
        defined = re.match(r"(?:def |class )?(\w+)", chunk)
        if defined and defined[1] in SCRIPTS_OWN:
            raise NotBundled(f"it uses something called {defined[1]}, which is a name of this script's own")
    return chunks


def _is_wrapped(subject: Subject) -> bool:
    """Whether it is a pair of plain functions, or an operation, of arguments that are not nested."""
    plain = all(isinstance(function, FunctionType) for function in subject.code)
    flat = not any("." in name for name in subject.arguments)
    return 0 < len(subject.code) <= 2 and subject.forward is not subject.code[0] and plain and flat


def _operation_source(subject: Subject) -> str:
    _bundled(subject.code[0])  # it stands where the forward does, or nowhere
    return _OPERATION.format(operation=called(subject.code[0]))


def _pair_source(subject: Subject, point: Point) -> str:
    forward, backward = subject.code
    known, order = _bundled(forward), _order(subject, point)
    passed = "".join(f", {name}=options[{name!r}]" for name in _passed_on(subject, point))
    call = _PAIR.format(forward=called(forward), backward=called(backward), order=order, passed=passed)
    return "\n\n\n".join([*(chunk for chunk in _bundled(backward) if chunk not in known), call])


def _passed_on(subject: Subject, point: Point) -> list[str]:
    """The options that a backward takes by name, behind the cotangent."""
    return [name for name in list(inspect.signature(subject.code[1]).parameters)[1:] if name in point.options]


def _order(subject: Subject, point: Point) -> str:
    """Whether cotangent or cache comes first: what gives, on floats, the cotangents that the subject gives."""
    forward, backward = subject.code
    passed = {name: point.options[name] for name in _passed_on(subject, point)}
    try:
        with quietly():
            should = subject.vjp(*_copies(point), **point.options)[1](point.cotangent.copy())
    except Exception as error:  # a person's code may raise anything
        raise NotBundled(f"it raised {type(error).__name__}") from error
    for order in ("ct, *cache", "*cache, ct"):
        try:
            with quietly():
                subject.put_randomness_back()
                arrays = _copies(point)
                returned = forward(*arrays, **point.options)
                cache = returned[1:] if isinstance(returned, tuple) and len(returned) > 1 else arrays
                handed = (point.cotangent.copy(), *cache) if order[0] == "c" else (*cache, point.cotangent.copy())
                got = _parts(backward(*handed, **passed))
        except Exception:  # the other order, then
            continue
        if all(any(np.array_equal(c, part) for part in got) for c in should if c is not None):
            return order
    raise NotBundled("it is called in a way of its own")


def _copies(point: Point) -> list[np.ndarray[Any, Any]]:
    return [primal.copy() for primal in point.primals]


def _parts(returned: Any) -> list[Any]:
    if isinstance(returned, Mapping):
        return list(returned.values())
    return list(returned) if isinstance(returned, tuple | list) else [returned]


def _stack_source(stages: Sequence[Stage]) -> str:
    """The forward of a stack, layer by layer; ``skips`` holds what is added where a branch ends."""
    chunks: dict[str, str] = {}
    lines = ["def forward(*arrays, **options):", "    running, skips = arrays[0], []"]
    for stage in stages:
        name = identifier(stage.subject.name)
        for chunk in _layer_source(stage.subject, name):
            if chunks.setdefault(chunk.partition("(")[0], chunk) != chunk:
                raise NotBundled(f"two things are called {chunk.partition('(')[0]}")
        lines += ["    skips.append(running)"] * stage.opens
        own = "".join(f", arrays[{position}]" for position in stage.takes)
        call = f"{name}({own[2:] if stage.is_added else 'running' + own}, **{options_source(stage.options)})"
        lines.append(f"    running = {'running + ' if stage.is_added else ''}{call}")
        lines += ["    running = running + skips.pop()"] * stage.closes
    return "\n\n\n".join([*chunks.values(), "\n".join([*lines, "    return running"])])


def _layer_source(subject: Subject, name: str) -> list[str]:
    """The forward of a layer under a name; what a person wrote may return a cache or a pullback beside the output."""
    if isinstance(subject.forward, FunctionType) and not subject.forward.__closure__:
        return bundle(subject.forward, name)
    if not subject.code:
        raise NotBundled(f"nobody wrote {name}")
    return [*bundle(subject.code[0], f"written_{name}"), _OUTPUT.format(name=name, written=f"written_{name}")]
