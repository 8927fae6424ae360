"""What is judged on floats alone, where nothing runs in extended precision: right code passes, wrong code does not."""

import numpy as np
import pytest

from backproof import linear_operator
from backproof.engine.subjects import Subject, pullback
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Setting, Verdict
from backproof.properties.searching import Effort, search
from backproof.strategies.points import Point

NATIVE = ("vjp_matches_differences", "jvp_matches_differences", "adjoint_identity")
NATIVE += ("linear_in_cotangent", "linear_in_tangent", "subgradient_at_kinks")


def opaque(array):
    """As code that is compiled: it takes floats, and nothing else."""
    return np.frombuffer(np.ascontiguousarray(array, dtype=float).tobytes()).reshape(np.shape(array))


def subject(forward, vjp, jvp, signature="(n)->(n)", **declared):
    """A subject that nothing but floats can run."""

    def operation(*primals):
        plain = [opaque(p) for p in primals]
        return opaque(forward(*plain)), lambda ct: vjp(opaque(ct), *plain)

    def pushforward(primals, tangents):
        return opaque(jvp(*[opaque(p) for p in primals], *[opaque(t) for t in tangents]))

    made = pullback(operation, signature, **declared)
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return Subject(**{**fields, "jvp": pushforward})


def cubed(vjp=lambda ct, x: 3 * ct * x**2, jvp=lambda x, dx: 3 * x**2 * dx):
    return subject(lambda x: x**3, vjp, jvp, name="cubed")


def folded(slope_at_zero):
    def vjp(ct, x):
        return ct * np.where(x > 0, 1.0, np.where(x < 0, -1.0, slope_at_zero))

    return subject(np.abs, vjp, lambda x, dx: np.where(x >= 0, dx, -dx), name="folded")


def raises(x, dx):
    raise ZeroDivisionError("by the pushforward")


RIGHT = {
    "cubed": cubed,
    "weighed": lambda: subject(
        lambda x, w: x @ w,
        lambda ct, x, w: (ct @ w.T, x.T @ ct),
        lambda x, w, dx, dw: dx @ w + x @ dw,
        "(n,i),(i,o)->(n,o)",
    ),
    "folded": lambda: folded(0.3),
    "softmax of equals": lambda: subject(
        lambda x: np.full_like(x, 0.1), lambda ct, x: 0.0 * ct, lambda x, dx: 0.0 * dx, "(n)->(n)"
    ),
}
WRONG = {
    "adjoint_identity": lambda: cubed(vjp=lambda ct, x: 2 * ct * x**2),
    "vjp_matches_differences": lambda: cubed(vjp=lambda ct, x: 2 * ct * x**2),
    "jvp_matches_differences": lambda: cubed(jvp=lambda x, dx: 3 * x * dx),
    "linear_in_tangent": lambda: cubed(jvp=lambda x, dx: 3 * x**2 * np.clip(dx, -1, 1)),
    "linear_in_cotangent": lambda: cubed(vjp=lambda ct, x: 3 * x**2 * np.clip(ct, -1, 1)),
    "subgradient_at_kinks": lambda: folded(2.0),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_passes_on_floats_alone(name):
    made = RIGHT[name]()
    for prop in applicable(made):
        outcome = search(made, prop, Effort(8))
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
        if prop.name in NATIVE:
            assert outcome.evidence is Evidence.NATIVE, prop.name


def test_where_rounding_hides_the_slope_nobody_is_accused():
    lost = subject(lambda x: 1e12 + x, lambda ct, x: ct, lambda x, dx: dx)
    for name in NATIVE:
        assert search(lost, PROPERTIES[name], Effort(15)).verdict is not Verdict.FALSIFIED, name


@pytest.mark.parametrize("name", WRONG)
def test_wrong_code_is_found_on_floats_alone(name):
    outcome = search(WRONG[name](), PROPERTIES[name], Effort(25))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    assert outcome.evidence is Evidence.NATIVE


@pytest.mark.parametrize("name", ["jvp_matches_differences", "linear_in_tangent", "adjoint_identity"])
def test_a_pushforward_that_raises_is_wrong(name):
    for made in (cubed(jvp=raises), _traceable_that_raises()):
        outcome = search(made, PROPERTIES[name], Effort(10))
        assert outcome.verdict is Verdict.FALSIFIED
        assert "the pushforward raised ZeroDivisionError: by the pushforward" in outcome.reason


def _traceable_that_raises():
    made = pullback(lambda x: (x**2, lambda ct: 2 * x * ct), "(n)->(n)")
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return Subject(**{**fields, "jvp": lambda primals, tangents: raises(*primals, *tangents)})


class Compiled:
    shape = (3, 3)

    def __init__(self, scale):
        self.scale = scale

    def matvec(self, x):
        return np.cumsum(opaque(x))

    def rmatvec(self, ct):
        return self.scale * np.cumsum(opaque(ct)[::-1])[::-1]


@pytest.mark.parametrize(("scale", "verdict"), [(1.0, Verdict.PASSED), (0.5, Verdict.FALSIFIED)])
def test_compiled_operators_are_judged_by_the_adjoint_identity(scale, verdict):
    outcome = search(linear_operator(Compiled(scale)), PROPERTIES["adjoint_identity"], Effort(10))
    assert (outcome.verdict, outcome.evidence) == (verdict, Evidence.NATIVE)


def on_a_grid(x):
    if not np.array_equal(8 * x, np.round(8 * x)):
        raise ValueError("x is off its grid")
    e = np.exp(x - x.max())
    return e / e.sum()


def weighed_on_a_grid():
    """Weighs equal values: its derivative is zero, rounding is all that is left, and points beside it are refused."""

    def pulled(ct, x):
        p = on_a_grid(x)
        return p * (ct * 0.1 - np.sum(p * ct * 0.1))

    def pushed(x, dx):
        p = on_a_grid(x)
        return np.sum(p * (0.1 * dx)) - np.sum(p * 0.1) * np.sum(p * dx)

    return subject(lambda x: np.sum(on_a_grid(x) * 0.1), pulled, pushed, "(n)->()", name="weighed")


@pytest.mark.parametrize("name", ["linear_in_cotangent", "linear_in_tangent", "adjoint_identity"])
def test_where_the_points_beside_it_raise_nobody_is_accused(name):
    point = Point((np.array([0.25, 1.125, -0.75]),), {}, np.asarray(0.7))
    judged = PROPERTIES[name].judge(weighed_on_a_grid(), point, Setting(strength=Evidence.NATIVE))
    assert judged.verdict is not Verdict.FALSIFIED, judged.reason
