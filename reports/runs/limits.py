"""How long a search may take and how much memory a process may hold, where nobody says it."""

from __future__ import annotations

import os
from pathlib import Path

from backproof.properties.searching import Effort

GIGABYTE = 10**9
LEAST_MEMORY = 2 * GIGABYTE  # what Python, NumPy and a framework hold before anything is judged, several times over
SHARE = 0.8  # of the machine's memory, for all processes together
LONGEST = 600.0  # seconds: a search of the default profile takes one or two
A_POINT = 2.0  # seconds, where there are many points: a hundred times what one takes
LATE = 10.0  # times what a search was asked to take: it ends between points, and shrinks what it found
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def longest(effort: Effort) -> float:
    """The seconds after which a search has to be stopped, because a call in it does not return."""
    if effort.seconds is not None:
        return 60.0 + LATE * effort.seconds
    return max(LONGEST, A_POINT * effort.examples)


def share_of_memory(processes: int) -> int | None:
    """The bytes that each of some processes may hold: an even share of the machine's; None where that is not known."""
    try:
        sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):
        return None
    for file in _CGROUPS:
        try:
            sizes.append(int(Path(file).read_text()))
        except (OSError, ValueError):
            continue  # another kind of machine, or "max"
    return max(LEAST_MEMORY, int(SHARE * min(sizes) / max(1, processes)))
