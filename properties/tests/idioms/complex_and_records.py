"""Complex numbers and Fourier transforms; records and bit patterns, which may be refused."""

from __future__ import annotations

import numpy as np


def fft_power_spectrum(x):
    return np.abs(np.fft.rfft(x, axis=1)) ** 2


def fft_circular_convolution(v, x):
    return np.fft.irfft(np.fft.rfft(v) * np.fft.rfft(x[0]), n=4)


def fft_token_mixing(x):
    return np.real(np.fft.fft2(x))


def complex_exponential(v):
    return (np.exp(1j * v) * v).imag


def complex_rotation(x):
    z = x[:, 0::2] + 1j * x[:, 1::2]
    z = z * np.exp(0.3j)
    return np.concatenate([z.real, z.imag], axis=1)


def complex_buffer(v):
    z = np.zeros(4, dtype=complex)
    z.real, z.imag = v, v**2
    return np.abs(z)


def complex_step_derivative(s):
    return np.imag((s + 1e-20j) ** 3) / 1e-20


def general_eigenvalues(m):
    return np.linalg.eigvals(m).real.sum()


def structured_array_of_states(x):
    states = np.zeros(3, dtype=[("h", float), ("c", float)])
    states["h"] = x[:, 0]
    states["c"] = states["h"] * x[:, 1]
    return states["c"]


def record_array_fields(x):
    table = np.rec.fromarrays([x[:, 0], x[:, 1]], names="a,b")
    return table.a * table.b


def masked_array_mean(x):
    return np.ma.masked_array(x, mask=x < 0).mean() * x


def bit_pattern_of_the_sign(x):
    negative = x.view(np.int64) < 0
    return np.where(negative, 0.1 * x, x)


def bytes_and_back(x):
    return np.frombuffer(x.tobytes()).reshape(x.shape) ** 2


def polynomial_roots(v):
    return np.abs(np.roots(np.concatenate([[1.0], v])))


def polyfit_of_a_line(v):
    return np.polyfit(np.arange(4), v, 1)
