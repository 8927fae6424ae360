"""Repairs: one thing in a recorded pullback is changed, and it is right at every fresh point."""

from .judging import is_right_when_repaired, is_right_with_another_operand

__all__ = ["is_right_when_repaired", "is_right_with_another_operand"]
