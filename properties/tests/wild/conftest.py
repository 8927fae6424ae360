"""What is tested here needs packages that not everybody has: it is collected where it is asked for."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder alone where its tests are not selected: importing their packages takes longer than the rest."""
    is_out = "not wild" in config.getoption("markexpr") or config.getoption("markexpr") == "browser"
    return True if is_out and collection_path.suffix == ".py" else None
