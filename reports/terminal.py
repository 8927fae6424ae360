"""The terminal's view of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from .pages import SYMBOLS
from .records import Record, array_of

RUN_ALONE = ". Run it alone: "
COLOURS = {"passed": "green", "falsified": "bold red", "inconclusive": "yellow"}


def summary_table(items: Sequence[Record]) -> Table:
    """One row a subject: what was judged, on how many points, to how many digits, and the verdict."""
    table = Table(box=None, pad_edge=False)
    for heading in ("subject", "properties", "points", "digits", "evidence", "verdict"):
        table.add_column(heading, justify="right" if heading in ("properties", "points", "digits") else "left")
    for subject, judged in _by_subject(items):
        verdicts = [item["verdict"] for item in judged]
        verdict = next((v for v in ("falsified", "inconclusive") if v in verdicts), "passed")
        digits = [item["digits"] for item in judged if item["evidence"] != "native" and item["digits"] is not None]
        strength = _strength(judged)
        failed = [item["property"] for item in judged if item["verdict"] == verdict != "passed"]
        share = f" ({len(failed)} of {len(judged)})" if failed else ""
        table.add_row(
            escape(subject),
            str(len(judged)),
            str(sum(item["points"] for item in judged)),
            _digits(min(digits)) if digits else "",
            strength,
            f"[{COLOURS[verdict]}]{SYMBOLS[verdict]} {verdict}[/]{share}",
        )
    return table


def _strength(judged: Sequence[Record]) -> str:
    """The evidence on which derivatives were compared: of the pullback, where that was asked for."""
    of_the_pullback = [item for item in judged if item["property"] == "vjp_matches_differences"]
    found = [item["evidence"] for item in of_the_pullback or judged]
    return next((e for e in ("formula up to constants", "formula", "values") if e in found), "native")


def _by_subject(items: Sequence[Record]) -> Iterator[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for item in items:
        groups.setdefault(item["subject"], []).append(item)
    yield from groups.items()


def _digits(digits: float) -> str:
    return "exact" if digits >= 999 else f"{digits:.0f}"


def counterexample_text(item: Record) -> str:
    """A counterexample in plain text: the sentence, what is wrong, the point, and both numbers."""
    found = item["counterexample"]
    lines = [item["sentence"], "", item["reason"], ""]
    rows = [("stack", " -> ".join(found["layers"]))] if found["layers"] else []
    rows += [(array["name"], _flat(array)) for array in found["arguments"]]
    rows += [("cotangent", _flat(found["cotangent"])), *found["options"].items()]
    width = max(len(name) for name, _ in rows)
    lines += [f"{name:<{width}}  {value}" for name, value in rows]
    if found["mismatch"]:
        lines += ["", *_numbers(found["mismatch"])]
    return "\n".join(lines)


def missing_lines(missing: Sequence[Record]) -> Iterator[str]:
    """What has no verdict, a line for each subject and cause; the command that makes one of the searches alone."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for each in missing:
        groups.setdefault((each["subject"], each["reason"].partition(RUN_ALONE)[0]), []).append(each)
    for (subject, why), searches in groups.items():
        names = ", ".join(each["property"] for each in searches)
        _, alone, command = searches[0]["reason"].partition(RUN_ALONE)
        yield f"{subject}: {names}: {why}{alone}{command}"


def show_counterexamples(console: Console, items: Sequence[Record]) -> None:
    """For each falsified subject its first counterexample, in a frame, and the names of the others."""
    for _, judged in _by_subject([item for item in items if item["counterexample"]]):
        show_counterexample(console, judged[0])
        if len(judged) > 1:
            others = ", ".join(item["property"] for item in judged[1:])
            console.print(f"  also falsified, with counterexamples in the report: {others}", soft_wrap=True)
        console.print()


def show_counterexample(console: Console, item: Record) -> None:
    """A counterexample in a frame."""
    found = item["counterexample"]
    title = f"[bold red]✗ {escape(found['subject'])}: {item['property']}[/]"
    text = escape(counterexample_text(item))
    console.print(Panel(text, title=title, title_align="left", border_style="red"))
    confirmed = f"confirmed in {' and '.join(found['confirmed_by'])}; " if found["confirmed_by"] else ""
    console.print(f"  {confirmed}script: {found['id']}.py in the report folder")


def _flat(argument: Record) -> str:
    array = array_of(argument)
    if not array.size:
        return f"no elements, shape {array.shape}"
    text = " ".join(str(array.tolist()).split())
    return text if len(text) <= 400 else text[:397] + "..."


def _numbers(mismatch: Record) -> list[str]:
    shape = f", shape {tuple(mismatch['shape'])}" if mismatch["shape"] else ""
    lines = [f"{mismatch['what']}{shape}", f"    {'expected':<34} got"]
    rows = list(zip(mismatch["expected"], mismatch["got"], strict=True))
    first = max(0, min(mismatch["worst"] - 3, len(rows) - 8))
    if first:
        lines.append(f"    ... {first} entries before")
    for entry, (expected, got) in list(enumerate(rows))[first : first + 8]:
        mark = ">" if entry == mismatch["worst"] and len(rows) > 1 else " "
        lines.append(f"  {mark} {_short(expected):<34} {_short(got)}")
    after = len(rows) - first - 8
    return lines + ([f"    ... {after} entries after"] if after > 0 else [])


def _short(decimal: str) -> str:
    """The first digits of a decimal string, without zeros that say nothing, and its exponent."""
    mantissa, e, exponent = decimal.partition("e")
    shortened = mantissa[:32].rstrip("0") if "." in mantissa else mantissa
    return shortened + ("0" if shortened.endswith(".") else "") + e + exponent
