"""Counterexamples and runs in Markdown, for pull requests and for the summary of a step on GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..pages import SYMBOLS
from ..records.making import Record, array_of
from .decimals import shortened
from .grids import flat, index_of
from .telling import ENTRIES, looks_like, missing_lines, replay_command, right_maps, stack_of

MOST_OF_A_COMMENT = 65_000  # characters; GitHub takes 65,536
MOST_OF_A_SUMMARY = 1_000_000  # bytes; GitHub takes 1,048,576 for all that one step says
MOST_OF_A_CELL = 400  # characters
CUT = "\n*There is more than fits in here: see `index.html` in the report.*\n"
_MARKS = re.compile(r"[&<>`*|~#@$\[\]!\"\\]|\b_|_\b|:(?=\S)|^[-+=](?=\s)|^\d+(?=[.)]\s)|(?<=www)\.")


def plain(text: object) -> str:
    """A text that is nothing but text in Markdown, in a table too: no markup, HTML, link or mention comes of it."""
    return _MARKS.sub(_entities, _cut(text))


def _entities(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(mark)};" for mark in match[0])


def code(text: object) -> str:
    """A text as code, in a table too."""
    words = _cut(text)
    return _html_code(words) if "`" in words or "|" in words or not words else f"`{words}`"


def _html_code(text: object) -> str:
    """A text as code where Markdown is not read."""
    return f"<code>{plain(text)}</code>"


def _cut(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= MOST_OF_A_CELL else words[: MOST_OF_A_CELL - 3] + "..."


def counterexample_markdown(item: Record, folder: str) -> str:
    """One counterexample, at most as long as a comment may be; the script is left out first."""
    heading = f"### {SYMBOLS['falsified']} {code(item['subject'])}: {plain(item['property'])}\n"
    return within([heading, *_counterexample(item, folder), _script(item["counterexample"])], MOST_OF_A_COMMENT)


def report_markdown(record: Record, folder: str, most: int = MOST_OF_A_SUMMARY) -> str:
    """A whole run: what came of it, what is missing, and each counterexample folded away; at most so many bytes."""
    return within(_report(record, folder), most)


def within(parts: Sequence[str] | Iterator[str], most: int) -> str:
    """Parts of a text as long as there is room in so many bytes, and a note where there is not."""
    kept: list[str] = []
    size = len(CUT.encode())
    for part in parts:
        size += len(part.encode()) + 1
        if size > most:
            return "\n".join([*kept, CUT])
        kept.append(part)
    return "\n".join(kept)


def _report(record: Record, folder: str) -> Iterator[str]:
    items = record["items"]
    failing = [item for item in items if item["counterexample"] and not item.get("accepted")]
    counts = ", ".join(f"{sum(item['verdict'] == v for item in items)} {v}" for v in SYMBOLS)
    missing, errors = record.get("missing") or [], record["errors"]
    worst = f"{len(failing)} falsified" if failing else "not whole" if missing or errors else "nothing falsified"
    yield f"## backproof: {worst}\n"
    shard = f", shard {plain(record['shard'])}" if record.get("shard") else ""
    yield f"{counts}{f', {len(missing)} missing' if missing else ''}; seed {record['seed']}{shard}.\n"
    yield from (f"- **Wrong description:** {plain(error)}" for error in errors)
    yield from (f"- **Missing:** {plain(line)}" for line in missing_lines(missing))
    if failing:
        yield "\n| subject | property | what is wrong | looks like | id |\n|---|---|---|---|---|"
    for item in failing:
        found = item["counterexample"]
        cells = (code(item["subject"]), plain(item["property"]), plain(item["reason"]), plain(looks_like(found)))
        yield f"| {' | '.join(cells)} | {code(found['id'])} |"
    for item in failing:
        title = f"{_html_code(item['subject'])}: {plain(item['property'])}"
        body = within([*_counterexample(item, folder), _script(item["counterexample"])], MOST_OF_A_COMMENT)
        yield f"\n<details><summary>{title}</summary>\n\n{body}\n\n</details>"
    for title, told in (("Accepted", _accepted(items)), ("Not decided", _undecided(items))):
        if told:
            yield "\n".join([f"\n#### {title}\n", *told])


def _accepted(items: Sequence[Record]) -> list[str]:
    known = [(item, item["accepted"]) for item in items if item.get("accepted")]
    return [
        f"- {code(item['subject'])}: {plain(item['property'])}, until {plain(why['until'])}: {plain(why['reason'])}"
        for item, why in known
    ]


def _undecided(items: Sequence[Record]) -> list[str]:
    return [
        f"- {code(item['subject'])}: {plain(item['property'])}: {plain(item['reason'])}"
        for item in items
        if item["verdict"] == "inconclusive" and not item.get("accepted")
    ]


def _counterexample(item: Record, folder: str) -> Iterator[str]:
    found = item["counterexample"]
    yield f"{plain(item['sentence'])}\n\n**{plain(item['reason'])}**\n"
    if looks_like(found):
        yield f"**Looks like:** {plain(looks_like(found))}\n"
    if found["written"]:
        yield f"Written in {code(found['written']['file'])}, line {found['written']['line']}.\n"
    yield "| where | |\n|---|---|"
    if found["layers"]:
        yield f"| stack | {code(stack_of(found))} |"
    for name, array in [*((a["name"], a) for a in found["arguments"]), ("cotangent", found["cotangent"])]:
        values = array_of(array)
        yield f"| {plain(name)} | {code(flat(values.tolist())) if values.size else f'no elements, {values.shape}'} |"
    yield from (f"| option {plain(name)} | {code(value)} |" for name, value in found["options"].items())
    if found["mismatch"]:
        yield from _numbers(found["mismatch"])
    maps = right_maps(found)
    yield from (f"\nRight map for {plain(each['argument'])}: {code(each['pullback'])}" for each in maps)
    if found.get("irrelevant"):
        yield f"\nDoes not matter: {plain('; '.join(found['irrelevant']))}"
    confirmed = f"Confirmed in {' and '.join(map(plain, found['confirmed_by']))}. " if found["confirmed_by"] else ""
    again = f"Look again: {code(replay_command(found, folder))}. " if found.get("target") else ""
    yield f"\n{confirmed}{again}Script: {code(found['id'] + '.py')} in the report.\n"


def _numbers(mismatch: Record) -> Iterator[str]:
    rows = list(zip(mismatch["expected"], mismatch["got"], strict=True))
    worst = mismatch["worst"]
    first = max(0, min(worst - ENTRIES // 2, len(rows) - ENTRIES))
    yield f"\n| {plain(mismatch['what'])} | expected | got |\n|---|---|---|"
    for entry, (expected, got) in list(enumerate(rows))[first : first + ENTRIES]:
        index = f"{index_of(entry, mismatch['shape'])}".replace(",)", ")") if len(rows) > 1 else ""
        cells = " | ".join(code(shortened(number, 42)) for number in (expected, got))
        yield f"| {index}{' **worst**' if entry == worst and len(rows) > 1 else ''} | {cells} |"
    if len(rows) > ENTRIES:
        yield f"| {len(rows) - ENTRIES} entries more | | |"


def _script(found: Record) -> str:
    longest = max((len(run) for run in re.findall(r"`+", found["script"])), default=0)
    fence = "`" * max(3, longest + 1)
    inside = f"{fence}python\n{found['script'].rstrip()}\n{fence}"
    return f"<details><summary>A script that shows it with NumPy alone</summary>\n\n{inside}\n\n</details>\n"
