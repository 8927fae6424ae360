"""Shards: the searches of a run divided among machines, each by its own name."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass


class ShardError(ValueError):
    """What was said is no shard."""


@dataclass(frozen=True)
class Shard:
    """The part ``number`` (from 1) of ``count``. Which one a search is in depends on nothing but its own name."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def holds(self, subject: str, prop: str) -> bool:
        """Whether the search of a subject by a property is in this shard."""
        return zlib.crc32(f"{subject}:{prop}".encode()) % self.count == self.number - 1


def shard_of(text: str) -> Shard:
    """The shard that ``2/5`` means. Raises ShardError for anything that means none."""
    parts = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip(), re.ASCII)
    number, count = map(int, parts.groups()) if parts else (0, 0)
    if not 1 <= number <= count:
        raise ShardError(f"the shard {text!r} should be k/N with k from 1 to N, such as 1/4, 2/4, 3/4 and 4/4.")
    return Shard(number, count)
