"""Single steps and other hands: an LSTM cell on a concatenation, a bidirectional network, a leaky integrator."""

from __future__ import annotations

from numpy import array, concatenate, exp, outer, tanh, zeros

from backproof.engine.domains import Interval

from ._making import planted_pair, planted_pullback


def sigma(v):
    return 1 / (1 + exp(-v))


# one step on column vectors; parameters in dicts ------------------------------------------------


def lstm_cell(x, h, c, Wf, Wi, Wc, Wo):
    z = concatenate([h, x])
    f, i, o, cbar = sigma(Wf @ z), sigma(Wi @ z), sigma(Wo @ z), tanh(Wc @ z)
    c_new = f * c + i * cbar
    memo = {"z": z, "f": f, "i": i, "o": o, "cbar": cbar, "c": c, "c_new": c_new}
    memo["W"] = {"f": Wf, "i": Wi, "c": Wc, "o": Wo}
    return o * tanh(c_new), memo


def lstm_cell_backward(dh, memo):
    f, i, o, cbar, W = memo["f"], memo["i"], memo["o"], memo["cbar"], memo["W"]
    t = tanh(memo["c_new"])
    dc = dh * o * (1 - t**2)
    d = {"o": dh * t * o * (1 - o), "f": dc * memo["c"] * f * (1 - f), "i": dc * cbar * i * (1 - i)}
    d["c"] = dc * i * (1 - cbar**2)
    dz = sum(W[k].T @ d[k] for k in W)
    grads = {f"dW{k}": outer(d[k], memo["z"]) for k in W}
    n = len(dh)
    return {"dh": dz[:n], "dx": dz[n:], "dc": dc * f, **grads}


def lstm_cell_backward_wrong(dh, memo):
    f, i, o, cbar, W = memo["f"], memo["i"], memo["o"], memo["cbar"], memo["W"]
    t = tanh(memo["c_new"])
    dc = dh * o * (1 - t**2)
    d = {"o": dh * t * o * (1 - o), "f": dc * memo["c"] * f * (1 - f), "i": dc * cbar * i * (1 - i)}
    d["c"] = dc * i * (1 - cbar**2)
    dz = sum(W[k].T @ d[k] for k in "fio")
    grads = {f"dW{k}": outer(d[k], memo["z"]) for k in W}
    n = len(dh)
    return {"dh": dz[:n], "dx": dz[n:], "dc": dc * f, **grads}


# a scalar network in both directions, on python lists -------------------------------------------


def scan(xs, w, u):
    states, s = [], 0.0
    for x in xs:
        s = tanh(w * x + u * s)
        states.append(s)
    return states


def scan_back(gs, xs, states, w, u):
    dxs, dw, du, carry = [], 0.0, 0.0, 0.0
    for t in range(len(xs) - 1, -1, -1):
        a = (gs[t] + carry) * (1 - states[t] ** 2)
        dw += a * xs[t]
        du += a * (states[t - 1] if t else 0.0)
        dxs.insert(0, a * w)
        carry = a * u
    return dxs, dw, du


def both_ways(x, w, u):
    forwards, backwards = scan(x, w, u), scan(x[::-1], w, u)[::-1]
    y = array([f + b for f, b in zip(forwards, backwards, strict=True)])

    def pull(g):
        dx1, dw1, du1 = scan_back(g, x, forwards, w, u)
        dx2, dw2, du2 = scan_back(g[::-1], x[::-1], backwards[::-1], w, u)
        return array([a + b for a, b in zip(dx1, dx2[::-1], strict=True)]), dw1 + dw2, du1 + du2

    return y, pull


def both_ways_wrong(x, w, u):
    forwards, backwards = scan(x, w, u), scan(x[::-1], w, u)[::-1]
    y = array([f + b for f, b in zip(forwards, backwards, strict=True)])

    def pull(g):
        dx1, dw1, du1 = scan_back(g, x, forwards, w, u)
        dx2, dw2, du2 = scan_back(g[::-1], x[::-1], backwards[::-1], w, u)
        return array([a + b for a, b in zip(dx1, dx2, strict=True)]), dw1 + dw2, du1 + du2

    return y, pull


# leaky integrator: only the last state is seen --------------------------------------------------


def leaky_integrator(x, W, leak):
    n, steps, _ = x.shape
    states = [zeros((n, W.shape[0]))]
    for t in range(steps):
        states.append((1 - leak) * states[-1] + leak * tanh(x[:, t] + states[-1] @ W))
    return states[-1], x, W, leak, states


def leaky_integrator_backward(grad, x, W, leak, states):
    dx, dW, dleak = zeros(x.shape), zeros(W.shape), 0.0
    for t in range(x.shape[1])[::-1]:
        s = states[t]
        y = tanh(x[:, t] + s @ W)
        dpre = grad * leak * (1 - y * y)
        dleak += (grad * (y - s)).sum()
        dx[:, t] = dpre
        dW += s.T @ dpre
        grad = (1 - leak) * grad + dpre @ W.T
    return dx, dW, dleak


def leaky_integrator_backward_wrong(grad, x, W, leak, states):
    dx, dW, dleak = zeros(x.shape), zeros(W.shape), 0.0
    for t in range(x.shape[1])[::-1]:
        s = states[t]
        y = tanh(x[:, t] + s @ W)
        dpre = grad * leak * (1 - y * y)
        dleak += (grad * (y - s)).sum()
        dx[:, t] = dpre
        dW += s.T @ dpre
        grad = (1 - leak) * grad + dpre @ W
    return dx, dW, dleak


PAIRS = [
    planted_pair(
        "lstm_cell",
        "(2),(3),(3),(3,5),(3,5),(3,5),(3,5)->(3)",
        lstm_cell,
        lstm_cell_backward,
        lstm_cell_backward_wrong,
        "the candidate's path back to the input is left out",
    ),
    planted_pullback(
        "both_ways", "(t),(),()->(t)", both_ways, both_ways_wrong, "adds the reversed gradients without turning them"
    ),
    planted_pair(
        "leaky_integrator",
        "(n,t,d),(d,d),()->(n,d)",
        leaky_integrator,
        leaky_integrator_backward,
        leaky_integrator_backward_wrong,
        "the recurrent weight is not transposed on the way back",
        domain={"leak": Interval(0.0, 1.0)},
    ),
]
