"""Extended-precision arrays on which unmodified NumPy code runs, in two independent arithmetics."""

from . import callbacks, complex_analysis, complex_arithmetic, complexes, fourier
from .arbiter import arbiter
from .arithmetic import Arithmetic, active, computing
from .array import ExtendedArray, extended, wrap
from .balls import balls
from .decisions import ACTUAL, UNIFORM, Log, Policy, recording, replaying
from .lifting import decimal, decimals, each, entered, midpoints, radii, stores_numbers, stripped, to_float
from .probe import Leak, leaking_lines, probe
from .shaking import perturbed, with_rounding_errors, with_shaken_constants
from .twins import rebound, released

__all__ = [
    "ACTUAL",
    "UNIFORM",
    "Arithmetic",
    "ExtendedArray",
    "Leak",
    "Log",
    "Policy",
    "active",
    "arbiter",
    "balls",
    "callbacks",
    "complex_analysis",
    "complex_arithmetic",
    "complexes",
    "computing",
    "decimal",
    "decimals",
    "each",
    "entered",
    "extended",
    "fourier",
    "leaking_lines",
    "midpoints",
    "perturbed",
    "probe",
    "radii",
    "rebound",
    "recording",
    "released",
    "replaying",
    "stores_numbers",
    "stripped",
    "to_float",
    "with_rounding_errors",
    "with_shaken_constants",
    "wrap",
]
