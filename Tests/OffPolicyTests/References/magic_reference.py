"""MAGIC of a tiny log, by the formulas of Thomas and Brunskill 2016 in plain loops: writes magic_reference.json beside it.

Four episodes of up to three decisions, so that the bootstrap needs no chance: all 4^4 = 256 resamples are counted. The simplex
problem is solved by trying all supports. Run: python magic_reference.py
"""
import itertools
import json
import pathlib

import numpy as np

GAMMA = 0.9
# Each decision: ratio of probabilities, reward, the model's value of what was done, the model's value of the policy.
EPISODES = [
    [(1.5, 1.0, 0.25, 0.5), (0.5, 0.0, 1.0, 1.25), (2.0, 2.0, 0.75, 1.0)],
    [(0.75, -1.0, 0.5, 0.75), (1.25, 3.0, 2.0, 1.5)],
    [(0.25, 0.5, 1.0, 0.75), (1.5, -0.5, 0.25, 0.5), (1.25, 4.0, 1.5, 0.25)],
    [(2.5, 2.0, 1.25, 0.25)],
]
L = max(len(e) for e in EPISODES)


def at(episode, t):
    """Ratio, reward, q, v; after the end nothing happens."""
    return episode[t] if t < len(episode) else (1.0, 0.0, 0.0, 0.0)


def weight(episode, t):
    return float(np.prod([at(episode, s)[0] for s in range(t + 1)]))


def partial(counts, j):
    """g of j corrected decisions, every term with the weights of its own step."""
    total = sum(c * at(e, 0)[3] for c, e in zip(counts, EPISODES)) / sum(counts)
    for t in range(j):
        norm = sum(c * weight(e, t) for c, e in zip(counts, EPISODES))
        for c, e in zip(counts, EPISODES):
            share = c * weight(e, t) / norm
            total = total + share * GAMMA**t * (at(e, t)[1] - at(e, t)[2])
            total = total + share * GAMMA ** (t + 1) * at(e, t + 1)[3]
    return total


N = len(EPISODES)
g = np.array([partial([1.0] * N, j) for j in range(L + 1)])
bootstrap = []
for draw in itertools.product(range(N), repeat=N):
    bootstrap.append(partial([float(draw.count(i)) for i in range(N)], L))
bootstrap.sort()
kappa = len(bootstrap)
low = min(g[L], bootstrap[int(np.floor(0.05 * kappa)) - 1])
high = max(g[L], bootstrap[int(np.ceil(0.95 * kappa)) - 1])
b = np.array([x - high if x > high else x - low if x < low else 0.0 for x in g])


def influence(j):
    """The derivative in each episode's count, by complex steps."""
    return np.array([partial([1.0 + (1e-30j if k == i else 0) for k in range(N)], j).imag / 1e-30 * N for i in range(N)])


infs = np.array([influence(j) for j in range(L + 1)])
omega = infs @ infs.T / (N * (N - 1))
M = omega + np.outer(b, b)
M = M + 1e-12 * np.trace(M) / (L + 1) * np.eye(L + 1)
best = None
for size in range(1, L + 2):
    for support in itertools.combinations(range(L + 1), size):
        s = list(support)
        y = np.linalg.solve(M[np.ix_(s, s)], np.ones(size))
        x = np.zeros(L + 1)
        x[s] = y / y.sum()
        if (x < -1e-15).any():
            continue
        if best is None or x @ M @ x < best[0]:
            best = (x @ M @ x, x)
x = best[1]
columns = [[d[k] for e in EPISODES for d in e] for k in range(4)]
starts = np.concatenate([[0], np.cumsum([len(e) for e in EPISODES])]).tolist()
json.dump(
    dict(
        discount=GAMMA, starts=starts, ratios=columns[0], rewards=columns[1], q=columns[2], v=columns[3],
        partial=g.tolist(), low=low, high=high, biases=b.tolist(), mixture=x.tolist(), value=float(x @ g)),
    open(pathlib.Path(__file__).parent / "magic_reference.json", "w"), indent=1)
