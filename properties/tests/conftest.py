"""Settings of the whole test suite."""

import os
import sys

import pytest

# Two workers with two threads each fight over two cores; read when NumPy is imported, so set before.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _processes_of_tests_share_what_they_compile_and_read(tmp_path_factory, pytestconfig):
    """Each of them imports all modules, and Hypothesis reads the constants in their source: seconds for each."""
    own = tmp_path_factory.getbasetemp()
    of_all_workers = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as patch:
        if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
            patch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(pytestconfig.rootpath / ".hypothesis"))
        if sys.dont_write_bytecode:  # beside the code; so elsewhere
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(of_all_workers / "bytecode"))
        yield
