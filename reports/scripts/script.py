"""A standalone script for a counterexample: NumPy alone, the exact point, and both numbers."""

from __future__ import annotations

from backproof.engine.subjects import Subject
from backproof.properties.searching import Counterexample

from .embedding import called, embedded, forward_source, pullback_source
from .literals import array_source, identifier, options_source
from .script_parts import FLOATS, HEAD, MPMATH, TABLE, VERDICT

_SHOWN_BY_ONE_RUN = ("vjp_matches_differences", "fused_equals_traced", "chain_rule")
_EDIT = """To try a correction, edit {names} below, or put your own in its place: "from yours import ..." right
behind the definition. Then run it again."""
_PASTE = """The pullback itself is not in here: {why}. To try one, replace "pullback = None" below by a function
pullback(ct, *arrays, **options) that returns the cotangents."""


def standalone_script(property_name: str, found: Counterexample, identity: str = "") -> str:
    """The script; what cannot be embedded as source (the engine's own tape) stands there as recorded numbers.

    ``identity`` is the id of the counterexample, and the name of the script's file.
    """
    subject, point, mismatch = found.subject, found.point, found.judgement.mismatch
    forward, _ = embedded(forward_source, subject, point)
    pullback, why = embedded(pullback_source, subject, point)
    position = _position(subject, mismatch.what if mismatch and property_name in _SHOWN_BY_ONE_RUN else "")
    head = HEAD.format(
        title=_plain(f"{subject.name}: {property_name}"),
        sentence=_plain(found.judgement.reason),
        file=f"{identity or 'script'}.py",
        how=_EDIT.format(names=_names(subject)) if pullback else _PASTE.format(why=_plain(why)),
    )
    parts = [head]
    for name, array in zip(subject.arguments, point.primals, strict=True):
        parts.append(f"{identifier(name)} = {array_source(array)}\n")
    names = ", ".join(identifier(name) for name in subject.arguments)
    parts.append(f"primals = ({names},)\n")
    parts.append(f"names, differentiated = {list(subject.arguments)!r}, {list(subject.differentiated)!r}\n")
    parts.append(f"cotangent = {array_source(point.cotangent)}\n")
    parts.append(f"options = {options_source(point.options)}\n\n\n")
    parts.append(f"{forward or 'forward = None'}\n\n\n{pullback or 'pullback = None'}\n\n\n")
    if mismatch is not None:
        parts.append(f"what, shape = {mismatch.what!r}, {mismatch.shape!r}\n")
        parts.append(f"expected = {list(mismatch.expected)!r}\ngot = {list(mismatch.got)!r}\n{TABLE}\n")
    untold = "the pullback is not in here" if position is not None else f"{property_name} is not seen in one run alone"
    replay = f"backproof replay {identity}".strip()
    parts.append(f"position, untold, replay = {position!r}, {untold!r}, {replay!r}\n")
    return "".join([*parts, FLOATS, MPMATH, VERDICT])


def _position(subject: Subject, what: str) -> int | None:
    for position, name in enumerate(subject.arguments):
        if what.endswith(f"cotangent for {name}"):
            return position
    return None


def _plain(text: str) -> str:
    """A text that neither ends a docstring nor escapes anything in it."""
    return text.replace("\\", "/").replace('"', "'")


def _names(subject: Subject) -> str:
    """What is to be edited: a layer's pullback is called ``run``, a pair's backward keeps its name."""
    return "run" if subject.forward is subject.code[0] else called(subject.code[-1])
