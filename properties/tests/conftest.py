"""Settings of the whole test suite."""

import os
import sys

import pytest

# Two workers with two threads each fight over two cores; read when NumPy is imported, so set before.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _modules_are_compiled_once(tmp_path_factory):
    """Where no bytecode may be written beside the code, every process that a test starts would compile all modules."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            own = tmp_path_factory.getbasetemp()
            of_all_workers = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(of_all_workers / "bytecode"))
        yield
