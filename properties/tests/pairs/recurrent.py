"""Recurrent networks unrolled over time: vanilla with step caches, cs231n's LSTM, a GRU as a closure."""

from __future__ import annotations

import numpy as np

from ._making import planted_pair, planted_pullback


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


# vanilla, a cache a step ----------------------------------------------------------------------


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dtanh = (1 - next_h * next_h) * dnext_h
    return dtanh.dot(Wx.T), dtanh.dot(Wh.T), x.T.dot(dtanh), prev_h.T.dot(dtanh), dtanh.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    h, caches, prev = np.zeros((N, T, h0.shape[1])), [], h0
    for t in range(T):
        prev, cache = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
        h[:, t, :] = prev
        caches.append(cache)
    return h, (caches, x, Wx, Wh, b)


def rnn_backward(dh, cache):
    caches, x, Wx, Wh, b = cache
    N, T, H = dh.shape
    dx, dprev = np.zeros(x.shape), np.zeros((N, H))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(b.shape)
    for t in range(T - 1, -1, -1):
        dx[:, t, :], dprev, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t, :] + dprev, caches[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev, dWx, dWh, db


def rnn_backward_wrong(dh, cache):
    caches, x, Wx, Wh, b = cache
    N, T, H = dh.shape
    dx, dprev = np.zeros(x.shape), np.zeros((N, H))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(b.shape)
    for t in range(T - 1, -1, -1):
        dx[:, t, :], dprev, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t, :], caches[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev, dWx, dWh, db


# LSTM with all gates in one matrix ------------------------------------------------------------


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tc = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - tc**2)
    da = np.hstack((dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * tc * o * (1 - o), dc * i * (1 - g**2)))
    return da.dot(Wx.T), da.dot(Wh.T), dc * f, x.T.dot(da), prev_h.T.dot(da), da.sum(0)


def lstm_step_backward_wrong(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tc = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - tc**2)
    da = np.hstack((dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * tc * o * (1 - o), dc * i * (1 - g**2)))
    return da.dot(Wx.T), da.dot(Wh.T), dc, x.T.dot(da), prev_h.T.dot(da), da.sum(0)


def lstm_forward(x, h0, Wx, Wh, b):
    h, c = h0, np.zeros_like(h0)
    hs, caches = np.zeros((x.shape[0], x.shape[1], h0.shape[1])), []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        hs[:, t] = h
        caches.append(cache)
    return hs, (caches, x, Wx, Wh, b)


def lstm_backward(dhs, cache, step=lstm_step_backward):
    caches, x, Wx, Wh, b = cache
    grads = {"x": np.zeros(x.shape), "Wx": np.zeros(Wx.shape), "Wh": np.zeros(Wh.shape), "b": np.zeros(b.shape)}
    dh = np.zeros((dhs.shape[0], dhs.shape[2]))
    dc = np.zeros(dh.shape)
    for t in reversed(range(len(caches))):
        grads["x"][:, t], dh, dc, dWx, dWh, db = step(dhs[:, t] + dh, dc, caches[t])
        grads["Wx"] += dWx
        grads["Wh"] += dWh
        grads["b"] += db
    grads["h0"] = dh
    return grads


def lstm_backward_wrong(dhs, cache):
    return lstm_backward(dhs, cache, step=lstm_step_backward_wrong)


# GRU --------------------------------------------------------------------------------------------


def gru_steps(x, W, U):
    """x (t, d), W (3, d, h), U (3, h, h): update, reset, candidate. Starts at 0."""
    h = np.zeros((U.shape[1],))
    steps, hs = [], []
    for xt in x:
        z, r = sigmoid(xt @ W[0] + h @ U[0]), sigmoid(xt @ W[1] + h @ U[1])
        n = np.tanh(xt @ W[2] + (r * h) @ U[2])
        steps.append((xt, h, z, r, n))
        h = (1 - z) * h + z * n
        hs.append(h)
    return np.stack(hs), steps


def gru_step_back(dh, step, W, U, dW, dU):
    xt, h, z, r, n = step
    dn = dh * z * (1 - n**2)
    drh = dn @ U[2].T
    dz, dr = dh * (n - h) * z * (1 - z), drh * h * r * (1 - r)
    for k, (gate, inp) in enumerate([(dz, h), (dr, h), (dn, r * h)]):
        dW[k] += np.outer(xt, gate)
        dU[k] += np.outer(inp, gate)
    dx = dz @ W[0].T + dr @ W[1].T + dn @ W[2].T
    return dx, dh * (1 - z) + dz @ U[0].T + dr @ U[1].T + drh * r


def gru_step_back_wrong(dh, step, W, U, dW, dU):
    dx, dprev = gru_step_back(dh, step, W, U, dW, dU)
    _, _, z, r, n = step
    drh = (dh * z * (1 - n**2)) @ U[2].T
    return dx, dprev - drh * r + drh


def gru(x, W, U, step_back=gru_step_back):
    hs, steps = gru_steps(x, W, U)

    def back(dhs):
        dW, dU, dxs = np.zeros_like(W), np.zeros_like(U), []
        dh = np.zeros_like(dhs[0])
        for dy, step in zip(dhs[::-1], steps[::-1], strict=True):
            dx, dh = step_back(dh + dy, step, W, U, dW, dU)
            dxs.append(dx)
        return np.stack(dxs[::-1]), dW, dU

    return hs, back


def gru_wrong(x, W, U):
    return gru(x, W, U, step_back=gru_step_back_wrong)


RNN, LSTM = "(n,t,d),(n,h),(d,h),(h,h),(h)->(n,t,h)", "(n,t,d),(n,2),(d,8),(2,8),(8)->(n,t,2)"

PAIRS = [
    planted_pair("cs_rnn", RNN, rnn_forward, rnn_backward, rnn_backward_wrong, "drops the gradient from the next step"),
    planted_pair(
        "cs_lstm",
        LSTM,
        lstm_forward,
        lstm_backward,
        lstm_backward_wrong,
        "the cell's gradient goes back in time without the forget gate",
    ),
    planted_pullback(
        "gru", "(t,d),(3,d,h),(3,h,h)->(t,h)", gru, gru_wrong, "forgets the reset gate on the way to the state before"
    ),
]
