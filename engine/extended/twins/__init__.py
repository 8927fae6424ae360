"""Twins of what code under test makes arrays and numbers with, and the rebinding that puts them in place."""

from .rebinding import rebound, released

__all__ = ["rebound", "released"]
