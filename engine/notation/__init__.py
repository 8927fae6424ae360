"""The notation of linear maps, ``[A.T @ . @ C.T]``, and of the formulae that stand in it."""

from .factors import Notation, add, compose, division, left, named, reshaping, right, scaling, written
from .naming import Text, operand, text_of

__all__ = [
    "Notation",
    "Text",
    "add",
    "compose",
    "division",
    "left",
    "named",
    "operand",
    "reshaping",
    "right",
    "scaling",
    "text_of",
    "written",
]
