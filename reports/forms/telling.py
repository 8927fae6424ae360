"""A counterexample in lines of text: what is wrong, what it looks like, the point, and both numbers."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from ..records.making import Record, array_of
from ..settings import Settings
from .decimals import DIGITS, parting, shortened
from .grids import flat, grid, index_of

REPORT_FOLDER = Settings().report
RUN_ALONE = ". Run it alone: "
WIDTH = 76  # of a line, so that a frame around it fits into 80 columns
MOST_NAME = 20
ENTRIES = 8  # expected and got, around the worst
CARETS = "carets"  # the style of lines that colours make needless
ALIKE = 3  # characters that two numbers share before the place where they part is worth a mark
MOST_MAPS = 3
ROUNDED = 6  # digits of the entries of a wide array; the script has them all


def counterexample_text(item: Record) -> str:
    """A counterexample in plain text: the sentence, what is wrong, the point, and both numbers."""
    return "\n".join(line.plain for line in counterexample_lines(item))


def counterexample_lines(item: Record) -> Iterator[Text]:
    """The lines of a counterexample, styled; those that are needless in colour have the style CARETS.

    Prose is one line, whatever its length; what is aligned is no wider than WIDTH.
    """
    found = item["counterexample"]
    yield Text(item["sentence"])
    yield Text()
    yield Text(item["reason"])
    if looks_like(found):
        yield Text(f"looks like: {looks_like(found)}", "bold yellow")
    yield Text()
    yield from _point(found)
    if found["mismatch"]:
        yield Text()
        yield from _numbers(found["mismatch"])
    footer = [f"right map for {each['argument']}: {each['pullback']}" for each in right_maps(found)]
    footer += [f"does not matter: {'; '.join(found['irrelevant'])}"] if found.get("irrelevant") else []
    if footer:
        yield Text()
        yield from map(Text, footer)


def looks_like(found: Record) -> str:
    """What the mistake looks like, in a sentence; nothing where that is not known."""
    return (found.get("diagnosis") or {}).get("says", "")


def right_maps(found: Record) -> list[Record]:
    """The right maps in operator notation, that of the argument with the wrong cotangent first; the first few."""
    what = (found["mismatch"] or {}).get("what", "")
    maps = found.get("right_map") or []
    return sorted(maps, key=lambda each: not what.endswith(f"cotangent for {each['argument']}"))[:MOST_MAPS]


def replay_command(found: Record, folder: str = REPORT_FOLDER) -> str:
    """The command that judges a counterexample of a report again."""
    elsewhere = [] if folder == REPORT_FOLDER else ["--report", folder]
    return shlex.join(["backproof", "replay", found["id"], *elsewhere])


def stack_of(found: Record) -> str:
    """The layers of a stack, the one that is wrong by itself marked; nothing where there is no stack."""
    layers, guilty = list(found["layers"]), found.get("guilty")
    if guilty is None or not 0 <= guilty < len(layers):
        return " -> ".join(layers)
    layers[guilty] = f"*{layers[guilty]}*"
    return f"{' -> '.join(layers)}   (*...* is wrong by itself)"


def _wrapped(name: str, text: str, style: str = "") -> Iterator[Text]:
    """A text behind a name, in lines that are continued under its beginning."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=name, subsequent_indent=" " * len(name)) or [name]:
        yield Text(line, style)


def _point(found: Record) -> Iterator[Text]:
    mismatch = found["mismatch"] or {"what": "", "worst": 0, "shape": None}
    arrays = [(array["name"], array) for array in found["arguments"]] + [("cotangent", found["cotangent"])]
    names = [*(name for name, _ in arrays), *found["options"], *(["stack"] if found["layers"] else [])]
    width = min(MOST_NAME, max(map(len, names)))
    if found["layers"]:
        yield from _wrapped(f"{'stack':<{width}}  ", stack_of(found), "bold" if "*" in stack_of(found) else "")
    for name, array in arrays:
        is_wrong = mismatch["what"].endswith(f"cotangent for {name}") and mismatch["shape"] == array["shape"]
        yield from _array(f"{name:<{width}}  ", array, mismatch["worst"] if is_wrong else 0)
    for name, value in found["options"].items():
        yield from _wrapped(f"{name:<{width}}  ", str(value))


def _array(name: str, record: Record, around: int) -> Iterator[Text]:
    array = array_of(record)
    if not array.size:
        yield Text(f"{name}no elements, shape {array.shape}")
        return
    in_one_line = flat(array.tolist())
    if array.size <= WIDTH and len(name) + len(in_one_line) <= WIDTH:
        yield Text(name + in_one_line)
        return
    values = array.ravel().tolist()
    texts = [str(value) for value in values]
    is_rounded = array.dtype.kind == "f" and array.shape[-1] * (max(map(len, texts)) + 2) > WIDTH - 4
    if is_rounded:
        texts = [f"{value:.{ROUNDED}g}" for value in values]
    yield Text(f"{name}shape {array.shape}{f', rounded to {ROUNDED} digits' if is_rounded else ''}")
    for line in grid(texts, array.shape, around, WIDTH - 4):
        yield Text(f"    {line}")


def _numbers(mismatch: Record) -> Iterator[Text]:
    """Expected and got, the entries around the worst, and where the worst ones part."""
    shape, worst = mismatch["shape"], mismatch["worst"]
    rows = list(zip(mismatch["expected"], mismatch["got"], strict=True))
    first = max(0, min(worst - 3, len(rows) - ENTRIES))
    shown = list(enumerate(rows))[first : first + ENTRIES]
    places = [f"{index_of(entry, shape)}  ".replace(",)", ")") if len(rows) > 1 else "" for entry, _ in shown]
    indent = 4 + max(map(len, places), default=0)
    digits = max(8, min(DIGITS, (WIDTH - indent - 3) // 2))
    yield Text(f"{mismatch['what']}{f', shape {tuple(shape)}' if shape else ''}")
    yield Text(f"{'':<{indent}}{'expected':<{digits + 2}} got")
    if first:
        yield Text(f"    ... {first} entries before")
    for place, (entry, (expected, got)) in zip(places, shown, strict=True):
        is_worst = entry == worst
        mark = ">" if is_worst and len(rows) > 1 else " "
        one, other = shortened(expected, digits), shortened(got, digits)
        yield _both(f"  {mark} {place:<{indent - 4}}", one, other, digits + 2, expected, got)
        part = parting(expected, got)
        if is_worst and ALIKE <= part < min(len(one), len(other)):
            yield Text(f"{'':<{indent + part}}^{'':<{digits + 2}}^", CARETS)
    after = len(rows) - first - ENTRIES
    if after > 0:
        yield Text(f"    ... {after} entries after")


def _both(start: str, one: str, other: str, width: int, expected: str, got: str) -> Text:
    """A line with both numbers, the digits from which they differ in colour."""
    part = parting(expected, got) if expected != got else len(expected)
    line = Text(start)
    for text, style in ((f"{one:<{width}} ", "bold green"), (other, "bold red underline")):
        stop = len(text.rstrip())
        line.append(text[:part])
        line.append(text[part:stop] if part < stop else "", style)
        line.append(text[max(part, stop) :])
    return line


def missing_lines(missing: Sequence[Record]) -> Iterator[str]:
    """What has no verdict, a line for each subject and cause; the command that makes one of the searches alone."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for each in missing:
        groups.setdefault((each["subject"], each["reason"].partition(RUN_ALONE)[0]), []).append(each)
    for (subject, why), searches in groups.items():
        names = ", ".join(each["property"] for each in searches)
        _, alone, command = searches[0]["reason"].partition(RUN_ALONE)
        yield f"{subject}: {names}: {why}{alone}{command}"


def joined(lines: Sequence[Text], in_colour: bool) -> Text:
    """Lines as one text, for a terminal with colours or without."""
    kept = [line for line in lines if not (in_colour and line.style == CARETS)]
    return Text("\n").join(Text(line.plain) if line.style == CARETS else line for line in kept)
