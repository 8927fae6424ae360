"""Processes that work for others, with limits on what they may take."""

from .pool import CannotWork, run_limited
from .worker import DIED, DOES_NOT_END, INTERRUPTED, Stopped

__all__ = ["DIED", "DOES_NOT_END", "INTERRUPTED", "CannotWork", "Stopped", "run_limited"]
