"""Reports to look at: a layer that is wrong, one that is right, and everything that a record can say."""

from __future__ import annotations

import copy
import math
from functools import cache
from itertools import chain

import numpy as np

from backproof.engine.subjects import layer_subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.searching import Effort, search
from backproof.properties.tests import wrong_layers
from backproof.reports.records.making import array_record, outcome_record, run_record

NASTY = "<script>alert(1)</script>"
BREAKING = "\"'></pre><!-- </script><img src=x onerror=alert(1)>"


@cache
def _searched():
    wrong, right = (layer_subject(each, "network") for each in (wrong_layers.dense, wrong_layers.leaky))
    effort = Effort(examples=20)
    names = ("vjp_matches_differences", "adjoint_identity", "pure", "accurate_in_dtype")
    return [outcome_record(search(subject, PROPERTIES[name], effort)) for subject in (wrong, right) for name in names]


def searched():
    """Records of real searches: of a layer that is wrong, and of one that is right."""
    return copy.deepcopy(_searched())


def plain():
    """A run as today's records say it, with nothing that later schemas add."""
    return run_record(searched(), seed=3, examples=20, seconds=2.0, errors=[])


def told():
    """A run whose counterexamples say all that a record can."""
    record = plain()
    first, second = (item for item in record["items"] if item["counterexample"])
    first["counterexample"] |= _whole()
    second["accepted"] = {"reason": "a course's exercise, mended in week 5", "until": "2031-05-01"}
    record["items"].append(_stack(first))
    record["items"].append(_inconclusive(record["items"][-2]))
    record["shard"] = "2/4"
    record["missing"] = [
        {"subject": "network.slow", "property": "second_order", "reason": "its 600 s were over before the first point"}
    ]
    record["stale"] = [
        {"id": "0a1b2c3d4e", "reason": "upstream", "until": "2020-01-01", "why": "it passes now: take it out"}
    ]
    return record


def _whole():
    expected = [["0.419974341614026069394496739041701444917186", "-1.25", "0"], ["2.5e-3", "7.0", "1e-12"]]
    got = [["0.238405844044235111880541717395206409585", "-1.2500000000004", "0"], ["2.5e-3", "7.01", "0.5"]]
    steps = [10.0**-k for k in range(1, 15)]
    return {
        "target": "network.py::dense",
        "property": "vjp_matches_differences",
        "bits": 256,
        "diagnosis": {
            "says": "dx is (1 - y) / (1 - y^2) times what it should be: a square is missing",
            "kind": "factor",
            "argument": "x",
        },
        "right_map": [
            {"argument": "x", "derivative": "[* (1 - y^2)] o [. @ w]", "pullback": "[. @ w.T] o [* (1 - y^2)]"},
            {"argument": "w", "derivative": "[* (1 - y^2)] o [x @ .]", "pullback": "[x.T @ .] o [* (1 - y^2)]"},
        ],
        "cotangents": [
            {
                "argument": "x",
                "shape": [2, 3],
                "expected": list(chain.from_iterable(expected)),
                "got": list(chain.from_iterable(got)),
            },
            {"argument": "w", "shape": [3], "expected": ["1.0", "2.0", "3.0"], "got": ["1.0", "2.0", "3.0"]},
            {"argument": "b", "shape": [], "expected": ["1.0"], "got": ["nan"]},
        ],
        "steps": {
            "what": "along x",
            "h": steps,
            "error": [h**2 / 3 + 2e-16 / h for h in steps],
            "claimed": [0.4323 + h**2 for h in steps],
        },
        "irrelevant": ["the value of b", "the dtype of w"],
        "path": [
            {"shapes": [[7, 3], [3, 17], [17]], "layers": 1},
            {"shapes": [[7, 3], [3, 1], [1]], "layers": 1},
            {"shapes": [[1, 1], [1, 1], [1]], "layers": 1},
        ],
    }


def _stack(item):
    """A stack with a branch in a branch, larger arrays, and a layer that is wrong alone."""
    stack = copy.deepcopy(item)
    stack |= {"subject": "stacks", "property": "chain_rule", "sentence": PROPERTIES["chain_rule"].sentence}
    generator = np.random.default_rng(0)
    arrays = {
        "x": generator.integers(-2, 3, (4, 3)).astype(float),
        "affine1.w": generator.normal(size=(3, 3)),
        "affine1.b": np.zeros(3),
        "gate2.gain": generator.normal(size=(2, 2, 3)).astype(np.float32),
        "affine4.w": np.ones((17, 9)),
    }
    values = [[f"{math.sin(3 * row + column):.17f}" for column in range(3)] for row in range(4)]
    wrong = [["0.5" if (row, column) == (2, 1) else values[row][column] for column in range(3)] for row in range(4)]
    stack["reason"] = "the pullback of layers.gate is not that of the stack"
    stack["counterexample"] |= {
        "id": "57acc57acc",
        "subject": "stacks.affine-[gate-[relu]+-affine]+",
        "layers": ["layers.affine", "[layers.gate", "[layers.relu] + skip", "layers.affine] + skip"],
        "guilty": 1,
        "arguments": [{"name": name, **array_record(np.asfortranarray(array))} for name, array in arrays.items()],
        "options": {"axis": "-1", "mode": "'same'"},
        "cotangent": array_record(np.eye(4, 3)),
        "reason": stack["reason"],
        "mismatch": {
            "what": "cotangent for x",
            "shape": [4, 3],
            "expected": list(chain.from_iterable(values)),
            "got": list(chain.from_iterable(wrong)),
            "worst": 7,
        },
        "diagnosis": None,
        "right_map": [],
        "steps": None,
        "path": [{"shapes": [[7, 3]], "layers": 6}, {"shapes": [[4, 3]], "layers": 4}],
        "cotangents": [
            {
                "argument": "x",
                "shape": [4, 3],
                "expected": list(chain.from_iterable(values)),
                "got": list(chain.from_iterable(wrong)),
            }
        ],
    }
    return stack


def _inconclusive(item):
    told = copy.deepcopy(item)
    told |= {"verdict": "inconclusive", "property": "second_order", "evidence": "values", "counterexample": None}
    return told | {"reason": "12 of 20 points decide nothing: np.einsum is not supported", "sentence": "Symmetric."}


def nasty():
    """The same run, by somebody who writes markup wherever words of theirs are shown."""
    record = told()
    for item in record["items"]:
        item |= {"subject": f"{NASTY}.{item['subject']}", "reason": item["reason"] and NASTY, "note": BREAKING}
        found = item["counterexample"]
        if found is None:
            continue
        found |= {
            "subject": item["subject"],
            "signature": NASTY,
            "written": {"file": f"{BREAKING}.py", "line": 1},
            "options": {NASTY: BREAKING},
            "layers": [f"{BREAKING}{NASTY}"] if found["layers"] else [],
            "irrelevant": [NASTY],
            "target": BREAKING,
            "script": f"{BREAKING}\n{NASTY}",
            "right_map": [{"argument": NASTY, "derivative": NASTY, "pullback": BREAKING}],
            "diagnosis": {"says": BREAKING, "kind": NASTY, "argument": NASTY},
        }
        for array in (*found["arguments"], *found.get("cotangents", ())):
            array |= {name: NASTY for name in ("name", "argument") if name in array}
        found["mismatch"]["what"] = f"cotangent for {NASTY}"
        if found.get("steps"):
            found["steps"]["what"] = NASTY
        item["accepted"] = {"reason": BREAKING, "until": NASTY}
    record["errors"] = [NASTY, BREAKING]
    record["missing"] = [{"subject": NASTY, "property": NASTY, "reason": BREAKING}]
    record["stale"] = [{"id": NASTY, "reason": BREAKING, "until": NASTY, "why": NASTY}]
    record["left_out"] = {NASTY: {"invariants": BREAKING}}
    return record


def large(subjects=500):
    """A run of many subjects against all properties: one in a hundred is wrong by one of them."""
    template = next(item for item in searched() if item["verdict"] == "passed")
    wrong = next(item for item in searched() if item["counterexample"])
    items = []
    for number in range(subjects):
        subject = f"{('layers', 'rules', 'maps', 'losses', 'models')[number % 5]}.a_subject_of_some_length_{number:03}"
        for place, prop in enumerate(PROPERTIES.values()):
            own = {"subject": subject, "property": prop.name, "sentence": prop.sentence}
            is_wrong = number % 100 == 7 and place == 0
            item = copy.deepcopy(wrong if is_wrong else template) | own | {"digits": 41.3, "points": 25 + number}
            if is_wrong:
                item["counterexample"] |= {"id": f"{number:010x}", "subject": subject, **_whole()}
            items.append(item)
    record = plain()
    return record | {"items": items, "left_out": {}}
