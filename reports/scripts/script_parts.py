"""What every standalone script begins and ends with: plain source that uses what the script defines before it."""

from __future__ import annotations

HEAD = '''"""{title}

{sentence}

Run it: python {file}. It needs NumPy alone, and prints what was expected, what is got, and what differences say;
where mpmath is installed, in more digits too.
{how}
Exit code: 0 when the pullback is right at this point, 1 while it is not, 2 where this script cannot tell.
"""
from __future__ import annotations

import sys

import numpy as np

'''

TABLE = """
print(f"{what}, in extended precision:")
print(f"{'entry':>12}  {'expected':>42}  {'got':>42}")
for entry, (e, g) in enumerate(zip(expected, got)):
    place = tuple(int(i) for i in np.unravel_index(entry, shape)) if shape else ()
    print(f"{str(place):>12}  {e:>42}  {g:>42}")
"""

FLOATS = '''
def cotangent_of(returned):
    """What a pullback returned for the argument in question: from a tuple, a list, a dict, or alone."""
    name = names[position]
    if isinstance(returned, dict):
        return next(returned[key] for key in (name, f"d{name}", f"d_{name}", f"grad_{name}") if key in returned)
    parts = list(returned) if isinstance(returned, (tuple, list)) else [returned]
    return parts[differentiated.index(position) if len(parts) == len(differentiated) else position]


def differences(position, arrays, step):
    """Central differences of <cotangent, forward> for one argument."""
    result = np.zeros(arrays[position].shape, dtype=arrays[position].dtype)
    for entry in np.ndindex(result.shape):
        ends = []
        for sign in (1, -1):
            moved = [np.array(array, copy=True) for array in arrays]
            moved[position][entry] = moved[position][entry] + sign * step
            ends.append(np.sum(cotangent * forward(*moved, **options)))
        result[entry] = (ends[0] - ends[1]) / (2 * step)
    return result


def shows(now):
    """Whether the mistake shows in floats: None where expected and got are too near to each other to tell."""
    should, was = (np.array([float(text) for text in texts]) for texts in (expected, got))
    now = np.asarray(now, dtype=float)
    if now.shape != shape:
        return True
    now = now.ravel()
    with np.errstate(invalid="ignore"):
        scale = np.max(np.abs(should[np.isfinite(should)]), initial=1e-300)
        apart = np.abs(was - should)
        apart[~np.isfinite(apart)] = np.inf
        if np.max(apart, initial=0.0) < 1e-12 * scale:
            return None
        tolerance = np.where(apart > 1e-12 * scale, np.minimum(1e-6 * scale, apart / 4), 1e-6 * scale)
        same = (now == should) | (np.isnan(now) & np.isnan(should)) | (np.abs(now - should) <= tolerance)
    return not same.all()

'''

MPMATH = '''
def digits(now):
    """The decimal digits to which numbers of mpmath agree with what was expected; 0 where it is no such number."""
    should = [mpmath.mpf(text) for text in expected]
    now = np.ravel(np.asarray(now, dtype=object)).tolist()
    if len(now) != len(should):
        return 0
    off = max((abs(one - other) for one, other in zip(now, should)), default=mpmath.mpf(0))
    scale = max((abs(one) for one in should), default=mpmath.mpf(0)) or mpmath.mpf(1)
    return 0 if off != off or off >= scale else 40 if off == 0 else min(40, int(-mpmath.log10(off / scale)))


def with_mpmath(run):
    """The digits to which a run in 200 bits agrees; None and a reason where the code does not run on such numbers."""
    mpmath.mp.prec = 200
    others = {"arctan": "atan", "arctanh": "atanh", "arcsinh": "asinh", "arcsin": "asin", "arccos": "acos"}
    functions = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", *others]
    for name in functions:  # NumPy asks the numbers of an object array for methods of these names
        function = getattr(mpmath, others.get(name, name))
        setattr(mpmath.mpf, name, lambda number, function=function: function(number))
    exactly = np.frompyfunc(mpmath.mpf, 1, 1)
    lifted = [np.asarray(exactly(p), dtype=object) if p.dtype.kind == "f" else p for p in primals]
    try:
        return digits(run(lifted)), ""
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"

'''

VERDICT = """
if position is None or pullback is None:
    verdict = None
else:
    returned = np.asarray(cotangent_of(pullback(cotangent.copy(), *(p.copy() for p in primals), **options)))
    print("the pullback, run now in float64:")
    print(returned)
    verdict = shows(returned)
if position is not None and forward is not None:
    print("differences of the forward, run now in float64:")
    print(differences(position, primals, 1e-6))
if position is not None and (forward is not None or pullback is not None):
    try:
        import mpmath
    except ImportError:
        print("with mpmath installed, this script would look at it in 200 bits too")
    else:
        if forward is not None:
            agreeing, why = with_mpmath(lambda arrays: differences(position, arrays, mpmath.mpf(2) ** -64))
            if agreeing is not None and agreeing >= 20:
                print(f"mpmath: differences of the forward agree with what was expected to {agreeing} digits")
            else:
                why = why or "it leaves extended precision on the way, or the point is a kink"
                print(f"mpmath: the forward does not run there as it stands ({why})")
        if pullback is not None:
            agreeing, why = with_mpmath(lambda arrays: cotangent_of(pullback(cotangent, *arrays, **options)))
            if agreeing is None:
                print(f"mpmath: the pullback does not run there as it stands ({why})")
            else:
                print(f"mpmath: the pullback agrees with what was expected to {agreeing} digits")
                verdict = agreeing < 20 if verdict is None else verdict
if verdict is None:
    print(f"this script cannot tell whether it still shows: {untold}. Run: {replay}")
else:
    print("STILL FALSIFIED" if verdict else "FIXED at this point; the property may fail at another one: run the search")
sys.exit(2 if verdict is None else int(verdict))
"""
