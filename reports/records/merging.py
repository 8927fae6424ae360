"""Merging reports: of shards, of machines, of seeds; the same items as one run gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..baseline.entries import is_failure
from ..runs.searches import STACKS_WITH
from ..runs.sharding import Shard, shard_of
from .making import Record, run_record

VERDICTS = ("passed", "inconclusive", "falsified")  # the worst last
STRENGTHS = ("formula", "formula up to constants", "values", "native")  # the weakest last
WHOLE = "a shard"  # stands for the property where a whole shard is missing


def merged(reports: Sequence[Record]) -> Record:
    """One report of many. Of the same search in several the worst verdict wins.

    Points add up where seeds differ; where they are the same, the points are too, and the larger number counts.
    What is wrong alone is not looked at in stacks, whichever report says so.
    """
    groups: dict[tuple[str, str], list[Record]] = {}
    for report in reports:
        for item in report["items"]:
            told = {**item, "left_out": report["left_out"].get(item["subject"], {})}
            groups.setdefault((item["subject"], item["property"]), []).append(told)
    items = [_one(same) for same in groups.values()]
    wrong = {item["subject"] for item in items if item["verdict"] == "falsified"}
    items = [item for item in items if item["subject"].removeprefix(STACKS_WITH) not in wrong - {item["subject"]}]
    whole = run_record(
        items,
        seed=reports[0]["seed"],
        examples=max(report["examples"] for report in reports),
        seconds=sum(report["seconds"] for report in _runs(reports)),
        errors=list(dict.fromkeys(error for report in reports for error in report["errors"])),
        missing=_missing(reports, items),
        stale=_stale(reports, items),
    )
    shards = sorted({text for report in reports for text in shards_of(report)})
    return {
        **whole,
        "shards": shards,
        "versions": _united(reports, "versions"),
        "constants": {**whole["constants"], **reports[0]["constants"]},
    }


def shards_of(report: Mapping[str, Any]) -> list[str]:
    """The shards that a report holds: its own, or those that were merged into it."""
    return [report["shard"]] if report["shard"] else list(report.get("shards", ()))


def differences(reports: Sequence[Record]) -> list[str]:
    """What the runs do not have in common, one line each: versions, seeds, constants."""
    lines = []
    names = dict.fromkeys(name for report in reports for name in report["versions"])
    for name in names:
        found = dict.fromkeys(str(report["versions"].get(name, "none")) for report in reports)
        if len(found) > 1:
            lines.append(f"versions of {name} differ: {', '.join(found)}")
    seeds = dict.fromkeys(str(report["seed"]) for report in reports)
    if len(seeds) > 1:
        lines.append(f"seeds differ: {', '.join(seeds)}")
    if any(report["constants"] != reports[0]["constants"] for report in reports):
        lines.append("the constants behind the verdicts differ: digits of one are not those of the other")
    return lines


def exit_code(report: Mapping[str, Any]) -> int:
    """As of a run: 2 where something is wrong or missing, 1 where something failed that nobody accepted, else 0."""
    if report["errors"] or report["missing"]:
        return 2
    return 1 if any(map(is_failure, report["items"])) else 0


def _one(same: Sequence[Record]) -> Record:
    """One item of those that several reports have of the same search."""
    worst = max(same, key=lambda item: (VERDICTS.index(item["verdict"]), not item["accepted"], -_size(item)))
    by_seed: dict[int, Record] = {}
    for item in same:
        if item["seed"] not in by_seed or item["points"] > by_seed[item["seed"]]["points"]:
            by_seed[item["seed"]] = item
    counted = list(by_seed.values())
    alike = [item for item in same if item["verdict"] == worst["verdict"]]
    digits = [item["digits"] for item in alike if item["digits"] is not None]
    return {
        **worst,
        "points": sum(item["points"] for item in counted),
        "inconclusive": sum(item["inconclusive"] for item in counted),
        "seconds": round(sum(item["seconds"] for item in counted), 4),
        "digits": worst["digits"] if worst["counterexample"] else min(digits, default=None),
        "evidence": worst["evidence"]
        if worst["counterexample"]
        else max((item["evidence"] for item in alike), key=STRENGTHS.index),
        "left_out": {name: why for item in same for name, why in item["left_out"].items()},
    }


def _size(item: Record) -> int:
    """The numbers in a counterexample: of two, the smaller one is shown."""
    found = item["counterexample"]
    return sum(len(argument["values"]) for argument in found["arguments"]) if found else 0


def _runs(reports: Iterable[Record]) -> list[Record]:
    """The reports without those that are the same run once more."""
    return list({(r["seed"], r["shard"], r["seconds"], len(r["items"])): r for r in reports}.values())


def _missing(reports: Sequence[Record], items: Sequence[Record]) -> list[Record]:
    """What no report has a verdict for, and the shards that are not there."""
    judged = {(item["subject"], item["property"]) for item in items}
    asked = {
        (each["subject"], each["property"]): each
        for report in reports
        for each in report["missing"]
        if each["property"] != WHOLE
    }
    return [each for search, each in asked.items() if search not in judged] + _missing_shards(reports)


def _missing_shards(reports: Sequence[Record]) -> list[Record]:
    """The shards that nobody's report holds; none where a report of all searches is among them."""
    shards: set[Shard] = {shard_of(text) for report in reports for text in shards_of(report)}
    if any(not shards_of(report) for report in reports):
        return []
    absent = {Shard(k, each.count) for each in shards for k in range(1, each.count + 1)} - shards
    reason = "its report is not among those that were merged"
    ordered = sorted(absent, key=lambda each: (each.count, each.number))
    return [{"subject": f"shard {each}", "property": WHOLE, "reason": reason} for each in ordered]


def _stale(reports: Sequence[Record], items: Sequence[Record]) -> list[Record]:
    """The stale entries, without those that still excuse a failure which another report has."""
    accepted = {(item["subject"], item["property"]) for item in items if item["accepted"]}
    found = {(each["id"], each.get("kind")): each for report in reports for each in report["stale"]}
    return [each for each in found.values() if (each.get("subject"), each.get("property")) not in accepted]


def _united(reports: Sequence[Record], key: str) -> dict[str, str]:
    names = dict.fromkeys(name for report in reports for name in report[key])
    found = {name: dict.fromkeys(str(r[key][name]) for r in reports if name in r[key]) for name in names}
    return {name: ", ".join(values) for name, values in found.items()}
