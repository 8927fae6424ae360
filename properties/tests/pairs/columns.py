"""Networks on column vectors: min-char-rnn, logistic regression as in Ng's course, Nielsen's list of weights."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, Labels

from ._making import planted_pair, planted_pullback

# after min-char-rnn: column vectors, and dicts by time --------------------------------------------


def char_rnn(inputs, targets, Wxh, Whh, Why, bh, by):
    xs, hs, ps = {}, {-1: np.zeros((len(Whh), 1))}, {}
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((Wxh.shape[1], 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        ys = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(ys) / np.sum(np.exp(ys))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, (xs, hs, ps, targets, Whh, Why, Wxh)


def char_rnn_backward(dloss, cache):
    xs, hs, ps, targets, Whh, Why, Wxh = cache
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby, dhnext = np.zeros((len(Whh), 1)), np.zeros((len(Why), 1)), np.zeros_like(hs[-1])
    for t in reversed(range(len(targets))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dy *= dloss
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dhraw = (1 - hs[t] * hs[t]) * (np.dot(Why.T, dy) + dhnext)
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    return dWxh, dWhh, dWhy, dbh, dby


def char_rnn_backward_wrong(dloss, cache):
    xs, hs, ps, targets, Whh, Why, Wxh = cache
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby, dhnext = np.zeros((len(Whh), 1)), np.zeros((len(Why), 1)), np.zeros_like(hs[-1])
    for t in reversed(range(len(targets))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dy *= dloss
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dhraw = (1 - hs[t] * hs[t]) * (np.dot(Why.T, dy) + dhnext)
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t].T)
        dhnext = np.dot(Whh.T, dhraw)
    return dWxh, dWhh, dWhy, dbh, dby


# logistic regression, one example a column --------------------------------------------------------


def propagate(w, b, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    grads = {"dw": dw, "db": db}
    return grads, cost


def logistic_regression(w, b, X, Y):
    grads, cost = propagate(w, b, X, Y)
    return cost, grads


def logistic_regression_backward(dcost, grads):
    return {name: dcost * grad for name, grad in grads.items()}


def logistic_regression_backward_wrong(dcost, grads):
    return {"dw": dcost * grads["dw"], "db": dcost * np.sum(grads["dw"])}


# Nielsen's network: lists of weights, biases, zs and activations, backwards by negative indices -------


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def feedforward(x, weights, biases):
    activation, activations, zs = x, [x], []
    for b, w in zip(biases, weights, strict=True):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    return activations, zs


def backprop(delta, weights, activations, zs, skip_prime=False):
    nabla_b, nabla_w = [None] * len(weights), [None] * len(weights)
    delta = delta * sigmoid_prime(zs[-1])
    nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].transpose())
    for layer in range(2, len(weights) + 1):
        sp = sigmoid_prime(activations[-layer] if skip_prime else zs[-layer])
        delta = np.dot(weights[-layer + 1].transpose(), delta) * sp
        nabla_b[-layer], nabla_w[-layer] = delta, np.dot(delta, activations[-layer - 1].transpose())
    return [np.dot(weights[0].transpose(), delta), *nabla_w, *nabla_b]


def nielsen(x, w1, w2, w3, b1, b2, b3):
    activations, zs = feedforward(x, [w1, w2, w3], [b1, b2, b3])
    return activations[-1], lambda delta: backprop(delta, [w1, w2, w3], activations, zs)


def nielsen_wrong(x, w1, w2, w3, b1, b2, b3):
    activations, zs = feedforward(x, [w1, w2, w3], [b1, b2, b3])
    return activations[-1], lambda delta: backprop(delta, [w1, w2, w3], activations, zs, skip_prime=True)


PAIRS = [
    planted_pair(
        "char_rnn",
        "(t),(t),(h,v),(h,h),(v,h),(h,1),(v,1)->()",
        char_rnn,
        char_rnn_backward,
        char_rnn_backward_wrong,
        "hs[t] instead of hs[t-1] in the recurrent weight's gradient",
        domain={"inputs": Labels("v"), "targets": Labels("v")},
    ),
    planted_pair(
        "ng_logistic",
        "(d,1),(),(d,m),(1,m)->()",
        logistic_regression,
        logistic_regression_backward,
        logistic_regression_backward_wrong,
        "db sums dw instead of dz",
        domain={"Y": Interval(0.0, 1.0)},
        constants=("X", "Y"),
    ),
    planted_pullback(
        "nielsen",
        "(a,1),(b,a),(c,b),(d,c),(b,1),(c,1),(d,1)->(d,1)",
        nielsen,
        nielsen_wrong,
        "sigmoid_prime of the activation instead of the pre-activation",
    ),
]
