"""A standalone script for a counterexample: NumPy alone, the exact point, and both numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from backproof.engine.subjects import Stage, Subject
from backproof.properties.searching import Counterexample

from .bundling import NotBundled, bundle

_HEAD = '''"""{title}

{sentence}
Run it with Python and NumPy: it prints what was expected, what was got, and what float64 differences say.
"""
from __future__ import annotations

import numpy as np

'''

_DIFFERENCES = '''
def differences(position, step=1e-6):
    """Central differences of <cotangent, forward> for one argument, in float64: six digits or so."""
    result = np.zeros(primals[position].shape)
    for entry in np.ndindex(result.shape):
        ends = []
        for sign in (1, -1):
            moved = [np.array(p, copy=True) for p in primals]
            moved[position][entry] += sign * step
            ends.append(np.sum(cotangent * forward(*moved, **options)))
        result[entry] = (ends[0] - ends[1]) / (2 * step)
    return result

'''

_TABLE = """
print({what!r})
print(f"{{'entry':>12}}  {{'expected':>42}}  {{'got':>42}}")
for entry, (e, g) in enumerate(zip(expected, got)):
    place = tuple(int(i) for i in np.unravel_index(entry, {shape!r})) if {shape!r} else ()
    print(f"{{str(place):>12}}  {{e:>42}}  {{g:>42}}")
"""


def standalone_script(property_name: str, found: Counterexample) -> str:
    """The script; what cannot be embedded as source (the engine's own tape) stands there as recorded numbers."""
    subject, point, mismatch = found.subject, found.point, found.judgement.mismatch
    parts = [_HEAD.format(title=f"{subject.name}: {property_name}", sentence=found.judgement.reason)]
    for name, array in zip(subject.arguments, point.primals, strict=True):
        parts.append(f"{_identifier(name)} = {_array(array)}\n")
    names = ", ".join(_identifier(name) for name in subject.arguments)
    parts.append(f"primals = ({names},)\n")
    parts.append(f"cotangent = {_array(point.cotangent)}\n")
    parts.append(f"options = {_options(point.options)}\n\n")
    forward = _optional(lambda: _forward(subject))
    if forward:
        parts.append(f"{forward}\n\n")
    pullback = _optional(lambda: _pullback(subject))
    if pullback:
        parts.append(f"{pullback}\n\n")
    if mismatch is not None:
        parts.append(f"expected = {list(mismatch.expected)!r}\ngot = {list(mismatch.got)!r}\n")
        parts.append(_TABLE.format(what=f"{mismatch.what}, in extended precision", shape=mismatch.shape))
    if pullback:
        parts.append('\nprint("the pullback, run now in float64:")\nprint(pullback(cotangent, *primals, **options))\n')
    position = _position(subject, mismatch.what if mismatch else "")
    if forward and position is not None:
        parts.append(_DIFFERENCES)
        parts.append(f'\nprint("differences of the forward, run now in float64:")\nprint(differences({position}))\n')
    return "".join(parts)


def _position(subject: Subject, what: str) -> int | None:
    for position, name in enumerate(subject.arguments):
        if what.endswith(f"cotangent for {name}"):
            return position
    return None


def _forward(subject: Subject) -> str:
    if subject.stages:
        return _stack_source(subject.stages)
    if isinstance(subject.forward, np.ufunc) or getattr(subject.forward, "__module__", "") == "numpy":
        return f"forward = np.{subject.forward.__name__}"
    return "\n\n\n".join(bundle(subject.forward, "forward"))


def _pullback(subject: Subject) -> str:
    if subject.traced_vjp is None or subject.written_in is None:
        raise NotBundled("the pullback is the tape's own")
    source = "\n\n\n".join(bundle(subject.written_in, "run"))
    return f"{source}\n\n\ndef pullback(ct, *arrays, **options):\n    return run(*arrays, **options)[1](ct)"


def _stack_source(stages: Sequence[Stage]) -> str:
    """The forward of a stack, layer by layer; ``skips`` holds what is added where a branch ends."""
    chunks: dict[str, str] = {}
    lines = ["def forward(*arrays, **options):", "    running, skips = arrays[0], []"]
    for stage in stages:
        name = _identifier(stage.subject.name)
        for chunk in _layer_source(stage.subject, name):
            if chunks.setdefault(chunk.partition("(")[0], chunk) != chunk:
                raise NotBundled(f"two things are called {chunk.partition('(')[0]}")
        lines += ["    skips.append(running)"] * stage.opens
        own = "".join(f", arrays[{position}]" for position in stage.takes)
        call = f"{name}({own[2:] if stage.is_added else 'running' + own}, **{_options(stage.options)})"
        lines.append(f"    running = {'running + ' if stage.is_added else ''}{call}")
        lines += ["    running = running + skips.pop()"] * stage.closes
    return "\n\n\n".join([*chunks.values(), "\n".join([*lines, "    return running"])])


def _layer_source(subject: Subject, name: str) -> list[str]:
    """The forward of a layer under a name; what a person wrote may return a cache or a pullback beside the output."""
    if isinstance(subject.forward, FunctionType) and not subject.forward.__closure__:
        return bundle(subject.forward, name)
    if not subject.code:
        raise NotBundled(f"nobody wrote {name}")
    wrapped = f"def {name}(*arrays, **options):\n    returned = written_{name}(*arrays, **options)\n"
    return [
        *bundle(subject.code[0], f"written_{name}"),
        f"{wrapped}    return returned[0] if isinstance(returned, tuple) else returned",
    ]


def _optional(source: Callable[[], str]) -> str:
    try:
        return source()
    except NotBundled:
        return ""


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _array(array: np.ndarray[Any, Any]) -> str:
    """A NumPy expression for exactly this array: repr round-trips float64."""
    return f"np.array({array.ravel().tolist()!r}, dtype=np.{array.dtype}).reshape({array.shape!r})".replace(
        "np.bool)", "bool)"
    )


def _options(options: Any) -> str:
    items = (f"{name!r}: {_literal(value)}" for name, value in options.items())
    return f"{{{', '.join(items)}}}"


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, tuple):
        return f"({''.join(_literal(part) + ', ' for part in value)})"
    if isinstance(value, np.generic):
        return repr(value.item())
    return repr(value)
