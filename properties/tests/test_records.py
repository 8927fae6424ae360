"""Records: the point comes back exactly, they fit their schema, and what is no record is refused with the place."""

import json
from importlib import resources

import numpy as np
import pytest

from backproof.engine.options import Choice, Drawn, Index
from backproof.engine.subjects import pair
from backproof.properties.battery import PROPERTIES
from backproof.properties.searching import Effort, search
from backproof.properties.searching.descending import MOST_STEPS, Step, descent
from backproof.reports.records.exactly import NotExact, array_of, array_record
from backproof.reports.records.making import outcome_record, run_record
from backproof.reports.records.option_values import literal_record, value_of, value_record
from backproof.reports.records.reading import ReportError, read_counterexample, read_counterexamples, read_report
from backproof.reports.records.writing import write_report

SCHEMA = json.loads(resources.files("backproof.reports.records").joinpath("report.schema.json").read_text())


def forward(x, w, scale=1.0):
    return scale * x @ w, (x, w, scale)


def backward(ct, cache):
    x, w, scale = cache
    return scale * ct @ w.T, x.T @ ct  # the scale is forgotten


def scaled():
    return pair(forward, backward, "(n,i),(i,o)->(n,o)", options={"scale": Choice((2.0, 0.1))}, name="scaled")


@pytest.fixture
def jsonschema():
    return pytest.importorskip("jsonschema")  # an extra, dev, which a wheel's user need not have


@pytest.fixture(scope="module")
def record():
    items = [
        outcome_record(search(scaled(), PROPERTIES[name], Effort(30))) for name in ("vjp_matches_differences", "pure")
    ]
    return run_record(items, seed=0, examples=30, seconds=1.0, errors=())


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


# exactly --------------------------------------------------------------------------------------------------------------

ARRAYS = {
    "special floats": np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 0.1]),
    "halves": np.array([[0.1, -0.0], [np.inf, 6e-8]], dtype=np.float16),
    "singles": np.array([0.1, 1e-45], dtype=np.float32),
    "complex": np.array([0.1 - 0.0j, complex(np.nan, -np.inf)]),
    "complex singles": np.array([0.1 + 2j], dtype=np.complex64),
    "big integers": np.array([2**64 - 1, 0], dtype=np.uint64),
    "booleans": np.array([[True], [False]]),
    "a scalar": np.array(1 / 3),
    "no elements": np.zeros((0, 3)),
    "Fortran order": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "steps": np.arange(12.0)[::3],
    "backwards": np.arange(6.0).reshape(2, 3)[::-1, ::-1],
    "repeated": np.broadcast_to(np.array([1.0, 2.0]), (3, 2)),
    "moved axes": np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_come_back_bit_for_bit_and_laid_out_as_they_were(kind):
    array = ARRAYS[kind]
    back = array_of(through_json(array_record(array)))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.strides == array.strides or not array.size
    assert back.tobytes() == array.tobytes()


def plain():
    return None


VALUES = [
    None, True, 3, -0.0, 0.1, float("inf"), "mean", (0, -1), (), [1, (2.5, None)], {"a": (1,), 2: [0.5]}, 1 - 0.0j,
    slice(None, -1, 2), (..., None, slice(0, 2)), 10**30,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_of_options_come_back_equal_and_of_the_same_type(value):
    back = value_of(through_json(value_record(value)))
    assert repr(back) == repr(value)
    assert type(back) is type(value)


def test_arrays_and_numpy_numbers_are_values_too():
    back = value_of(through_json(value_record((np.array([1, 1]), np.float32(0.1)))))
    assert back[0].tolist() == [1, 1]
    assert (type(back[1]), back[1]) == (np.float32, np.float32(0.1))


def test_what_is_only_shown_is_looked_for_among_the_choices():
    record = through_json(value_record(plain))
    assert value_of(record, (np.tanh, plain)) is plain
    for among in ((), (np.tanh,)):
        with pytest.raises(NotExact, match="cannot be made again"):
            value_of(record, among)


def test_the_text_of_a_value_is_read_where_it_is_a_literal():
    assert value_of(literal_record("(0, -1)")) == (0, -1)
    assert literal_record("<function f>") == {"shown": "<function f>"}


BROKEN_ARRAYS = {
    "no float": ({"dtype": "float64", "shape": [1], "values": ["1.5 apples"]}, "no hexadecimal float"),
    "a number": ({"dtype": "float64", "shape": [1], "values": [1.5]}, "no hexadecimal float"),
    "too few": ({"dtype": "float64", "shape": [2], "values": ["0x0.0p+0"]}, "cannot reshape"),
    "objects": ({"dtype": "object", "shape": [1], "values": [1]}, "should be one of numbers"),
    "no dtype": ({"shape": [1], "values": [1]}, "'dtype' is missing"),
    "a text for a label": ({"dtype": "int64", "shape": [1], "values": ["1"]}, "should be of type int"),
    "strides": (
        {"dtype": "float64", "shape": [1], "values": ["0x0.0p+0"], "layout": "other", "strides": [3]},
        "multiples of 8",
    ),
    "strides far away": (
        {"dtype": "float64", "shape": [2], "values": ["0x0.0p+0"] * 2, "layout": "other", "strides": [2**40]},
        "reach over",
    ),
}


@pytest.mark.parametrize("kind", BROKEN_ARRAYS)
def test_what_is_no_array_is_refused(kind):
    broken, says = BROKEN_ARRAYS[kind]
    with pytest.raises(NotExact, match=says):
        array_of(broken)


def test_options_of_all_kinds_are_kept():
    values = [Choice((0.1, 2)), Drawn(None), Index()]
    assert all(value is not None for value in values)
    record = value_record((np.array([0, 0]), slice(None), None, ...))
    assert "shown" not in json.dumps(through_json(record))


# the record -----------------------------------------------------------------------------------------------------------


def test_a_report_and_its_counterexamples_fit_the_schema(record, jsonschema):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(through_json(record), SCHEMA)
    assert record["items"][1]["counterexample"] or record["items"][0]["counterexample"]


def test_the_schema_refuses_what_is_not_said(record, jsonschema):
    for change in ({"shard": 3}, {"items": None}, {"extra": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(through_json({**record, **change}), SCHEMA)


def test_a_counterexample_says_where_it_comes_from_and_how_it_was_judged(record):
    found = next(item["counterexample"] for item in record["items"] if item["counterexample"])
    assert found["property"] == "vjp_matches_differences"
    assert (found["arithmetic"], found["bits"], found["evidence"]) == ("arb", 256, "formula")
    assert value_of(found["option_values"]["scale"]) in (2.0, 0.1)
    sizes = [(step["layers"], sum(np.prod(shape) for shape in step["shapes"])) for step in found["path"]]
    assert sizes == sorted(sizes, reverse=True)
    assert found["path"][-1]["shapes"] == [argument["shape"] for argument in found["arguments"]]


def test_the_way_down_is_short_and_goes_down():
    steps = [Step(((size,),), 0) for size in (50, 60, *range(49, 0, -1))]
    found = descent(steps)
    assert len(found) <= MOST_STEPS
    assert (found[0], found[-1]) == (steps[0], steps[-1])
    assert [step.size for step in found] == sorted((step.size for step in found), reverse=True)
    assert descent([]) == ()


def test_counterexamples_stand_alone_too(record, tmp_path, jsonschema):
    write_report(record, tmp_path)
    (found,) = read_counterexamples(tmp_path)
    alone = json.loads((tmp_path / f"{found['id']}.json").read_text())
    jsonschema.validate(alone, {**SCHEMA["$defs"]["counterexample"], "$defs": SCHEMA["$defs"]})
    assert (
        {**found, "schema": "backproof-counterexample/2"}
        == alone
        == read_counterexample(tmp_path / f"{found['id']}.json")
    )


BROKEN = {
    "cut off": (lambda text, _: text[: len(text) // 2], "is no JSON, or not all of it"),
    "binary": (lambda *_: b"\xff\xfe\x00", "is no text"),
    "nothing": (lambda *_: "", "is no JSON"),
    "a list": (lambda *_: "[]", "should hold an object"),
    "somebody else's": (lambda *_: '{"schema": "pytest/1"}', "has the schema 'pytest/1'"),
    "a later schema": (lambda text, _: text.replace("report/2", "report/3"), "has the schema 'backproof-report/3'"),
    "no seed": (lambda _, r: {k: v for k, v in r.items() if k != "seed"}, "broken at seed: it is missing"),
    "a text for points": (lambda _, r: changed(r, ("items", 0, "points"), "9"), r"items\[0\].points: it is '9'"),
    "an unknown verdict": (lambda _, r: changed(r, ("items", 0, "verdict"), "fine"), "should be one of passed"),
    "no float": (
        lambda _, r: changed(r, ("items", 1, "counterexample", "arguments", 0, "values", 0), "0xyz"),
        r"items\[1\].counterexample.arguments\[0\]: '0xyz' is no hexadecimal float",
    ),
    "an id that is a path": (
        lambda _, r: changed(r, ("items", 1, "counterexample", "id"), "../../evil"),
        "items.1..counterexample.id: it is '../../evil', but should be hexadecimal digits",
    ),
    "a value of no kind": (
        lambda _, r: changed(r, ("items", 1, "counterexample", "option_values", "scale"), {"pickle": "gASV"}),
        "'pickle' is no kind of value",
    ),
    "deep brackets": (lambda *_: "[" * 100_000, "is no report"),
}


def changed(record, way, value):
    record = through_json(record)
    place = record
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = value
    return record


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_or_foreign_file_is_refused_with_the_file_and_the_place(kind, record, tmp_path):
    items = sorted(record["items"], key=lambda item: item["counterexample"] is not None)
    spoil, says = BROKEN[kind]
    ordered = {**record, "items": items}
    content = spoil(json.dumps(ordered), ordered)
    path = tmp_path / "report.json"
    path.write_bytes(
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    with pytest.raises(ReportError, match=says) as raised:
        read_report(path)
    assert "report.json" in str(raised.value)
    assert "Write it anew" in str(raised.value)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read_report(tmp_path / "report.json")


# the schema before ----------------------------------------------------------------------------------------------------

OLD = {
    "schema": "backproof-report/1", "seed": 0, "examples": 25, "seconds": 1.5,
    "versions": {"python": "3.11.7", "backproof": "0.1.0"}, "constants": {"agreeing_digits": 30}, "errors": [],
    "milliseconds_a_point": {"vjp_matches_differences": 12.5},
    "left_out": {"course.affine": {"chain_rule": "it is no stack"}},
    "items": [{
        "subject": "course.affine", "property": "vjp_matches_differences", "sentence": "J^T ct ...",
        "verdict": "falsified", "evidence": "formula", "points": 40, "inconclusive": 0, "digits": 0.3,
        "seconds": 1.2, "seed": 7,
        "reason": "the cotangent for b is not J^T ct", "note": "",
        "counterexample": {
            "id": "57b82daf2f", "subject": "course.affine", "signature": "(n,m),(m,k),(k)->(n,k)",
            "written": {"file": "course.py", "line": 8}, "layers": [],
            "arguments": [{"name": "b", "dtype": "float64", "shape": [1], "values": ["0x0.0p+0"]}],
            "options": {"axis": "(0, -1)", "activation": "<function relu at 0x7f>"},
            "cotangent": {"dtype": "float64", "shape": [], "values": ["0x1.0000000000000p+0"]},
            "reason": "the cotangent for b is not J^T ct",
            "mismatch": {"what": "cotangent for b", "shape": [1], "expected": ["1.0"], "got": ["0.5"], "worst": 0},
            "confirmed_by": ["arb", "mpmath"], "script": "print()",
        },
    }],
}  # fmt: skip


def test_reports_of_the_schema_before_are_read(tmp_path):
    (tmp_path / "report.json").write_text(json.dumps(OLD))
    record = read_report(tmp_path)
    (item,) = record["items"]
    found = item["counterexample"]
    assert (record["shard"], record["missing"], record["stale"], item["accepted"]) == (None, [], [], None)
    assert (found["target"], found["property"], found["evidence"], found["bits"]) == (
        "course.py::affine", "vjp_matches_differences", "formula", None,
    )  # fmt: skip
    assert value_of(found["option_values"]["axis"]) == (0, -1)
    assert found["option_values"]["activation"] == {"shown": "<function relu at 0x7f>"}
    assert array_of(found["arguments"][0]).flags.c_contiguous


def test_a_broken_report_of_the_schema_before_is_refused_too(tmp_path):
    (tmp_path / "report.json").write_text(
        json.dumps({**OLD, "items": [{**OLD["items"][0], "counterexample": {"id": "ab"}}]})
    )
    with pytest.raises(ReportError, match=r"items\[0\]\.counterexample\.\w+: it"):
        read_report(tmp_path)
