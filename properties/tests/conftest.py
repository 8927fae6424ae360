"""Settings of the whole test suite."""

import os

# Two workers with two threads each fight over two cores; read when NumPy is imported, so set before.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
