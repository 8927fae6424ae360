"""Networks that use a weight or an input twice: a tied and a variational autoencoder, a siamese encoder."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Mask

from ._making import planted_pair, planted_pullback

# autoencoders ---------------------------------------------------------------------------------------


def tied_autoencoder(x, W, b, c):
    h = np.tanh(x @ W + b)
    out = h @ W.T + c

    def backprop(g):
        dz = (g @ W) * (1 - h**2)
        return dz @ W.T, x.T @ dz + g.T @ h, dz.sum(0), g.sum(0)

    return out, backprop


def tied_autoencoder_wrong(x, W, b, c):
    h = np.tanh(x @ W + b)
    out = h @ W.T + c

    def backprop(g):
        dz = (g @ W) * (1 - h**2)
        return dz @ W.T, x.T @ dz, dz.sum(0), g.sum(0)

    return out, backprop


def vae_loss(x, W_mu, W_log, D, noise):
    """Half the squared error of a decoded sample, plus the KL divergence from a standard normal."""
    mu, log_sigma = x @ W_mu, x @ W_log
    sigma = np.exp(log_sigma)
    z = mu + sigma * noise
    err = z @ D - x
    loss = 0.5 * np.sum(err**2) + np.sum(0.5 * (sigma**2 + mu**2 - 1) - log_sigma)
    return loss, (x, W_mu, W_log, D, noise, mu, sigma, z, err)


def vae_loss_backward(dout, cache):
    x, W_mu, W_log, D, noise, mu, sigma, z, err = cache
    dz = err @ D.T
    dmu = dz + mu
    dlog_sigma = dz * noise * sigma + sigma**2 - 1
    dx = dmu @ W_mu.T + dlog_sigma @ W_log.T - err
    return tuple(dout * d for d in (dx, x.T @ dmu, x.T @ dlog_sigma, z.T @ err))


def vae_loss_backward_wrong(dout, cache):
    x, W_mu, W_log, D, noise, mu, sigma, z, err = cache
    dz = err @ D.T
    dmu = dz + mu
    dlog_sigma = dz * noise + sigma**2 - 1
    dx = dmu @ W_mu.T + dlog_sigma @ W_log.T - err
    return tuple(dout * d for d in (dx, x.T @ dmu, x.T @ dlog_sigma, z.T @ err))


# siamese: one encoder, two inputs --------------------------------------------------------------------


def siamese(a, b, W, same):
    ha, hb = np.tanh(a @ W), np.tanh(b @ W)
    score = np.where(same, 1.0, -1.0) * np.sum(ha * hb, axis=1)
    return score, {"a": a, "b": b, "W": W, "ha": ha, "hb": hb, "sign": np.where(same, 1.0, -1.0)}


def encoder_grads(x, h, dh, W):
    dz = dh * (1 - h**2)
    return dz @ W.T, x.T @ dz


def siamese_backward(dscore, cache):
    d = (dscore * cache["sign"])[:, None]
    da, dW_a = encoder_grads(cache["a"], cache["ha"], d * cache["hb"], cache["W"])
    db, dW_b = encoder_grads(cache["b"], cache["hb"], d * cache["ha"], cache["W"])
    return {"a": da, "b": db, "W": dW_a + dW_b}


def siamese_backward_wrong(dscore, cache):
    d = (dscore * cache["sign"])[:, None]
    da, dW = encoder_grads(cache["a"], cache["ha"], d * cache["hb"], cache["W"])
    db, dW = encoder_grads(cache["b"], cache["hb"], d * cache["ha"], cache["W"])
    return {"a": da, "b": db, "W": dW}


PAIRS = [
    planted_pullback(
        "tied_autoencoder",
        "(n,i),(i,h),(h),(i)->(n,i)",
        tied_autoencoder,
        tied_autoencoder_wrong,
        "the tied weight gets the encoder's gradient alone",
    ),
    planted_pair(
        "vae",
        "(n,d),(d,z),(d,z),(z,d),(n,z)->()",
        vae_loss,
        vae_loss_backward,
        vae_loss_backward_wrong,
        "the reparametrised sample's gradient lacks sigma",
        constants=("noise",),
    ),
    planted_pair(
        "siamese",
        "(n,d),(n,d),(d,h),(n)->(n)",
        siamese,
        siamese_backward,
        siamese_backward_wrong,
        "the shared weight's second gradient overwrites the first",
        domain={"same": Mask()},
    ),
]
