"""Off-policy estimates of a small made-up log, by plain numpy formulas: writes ope_reference.json beside it.

Every estimator is written from its paper's formula with padded arrays and loops, not from the Swift code; MAGIC's simplex problem
is solved by trying all supports. Run: python ope_reference.py
"""
import itertools
import json
import pathlib

import numpy as np

rng = np.random.default_rng(20260101)
N, L, K, GAMMA = 60, 4, 3, 0.9

episodes = []
for i in range(N):
    length = int(rng.integers(1, L + 1))
    ended = bool(length < L or rng.random() < 0.3)
    x = rng.normal(size=(length, 2))
    pi = rng.dirichlet(np.ones(K), size=length)
    mu = 0.5 / K + 0.5 * rng.dirichlet(np.ones(K), size=length)
    a = np.array([rng.choice(K, p=m) for m in mu])
    r = x[:, 0] + 0.5 * a + rng.normal(size=length)
    q = x[:, 0:1] + 0.5 * np.arange(K)[None, :] + 0.3 * rng.normal(size=(length, K))
    episodes.append(dict(x=x, pi=pi, mu=mu, a=a, r=r, q=q, ended=ended))

w = np.ones((N, L))
r = np.zeros((N, L))
qa = np.zeros((N, L))
v = np.zeros((N, L + 1))
for i, e in enumerate(episodes):
    T = len(e["a"])
    rho = e["pi"][np.arange(T), e["a"]] / e["mu"][np.arange(T), e["a"]]
    w[i, :T] = np.cumprod(rho)
    w[i, T:] = w[i, T - 1]
    r[i, :T] = e["r"]
    qa[i, :T] = e["q"][np.arange(T), e["a"]]
    v[i, :T] = (e["pi"] * e["q"]).sum(axis=1)

g = GAMMA ** np.arange(L + 1)
G = (r * g[:L]).sum(axis=1)
wT = w[:, -1]
before = np.hstack([np.ones((N, 1)), w[:, :-1]])


def mean_type(z):
    return dict(value=z.mean(), se=z.std(ddof=1) / np.sqrt(N))


def kish(u):
    return u.sum() ** 2 / (u**2).sum()


smallest = min(kish(w[:, t]) for t in range(L))
out = {}
out["is"] = mean_type(wT * G) | dict(ess=kish(wT))
value = (wT * G).sum() / wT.sum()
inf = wT * (G - value) / wT.mean()
out["wis"] = dict(value=value, se=np.sqrt((inf**2).sum() / (N * (N - 1))), ess=kish(wT))
out["pdis"] = mean_type((w * r * g[:L]).sum(axis=1)) | dict(ess=smallest)


def stagewise(qa, v, steps):
    """Thomas and Brunskill's partial return after some decisions, and its influence by numerical derivatives."""

    def value(c):
        total = g[0] * (c * v[:, 0]).sum() / c.sum()
        for t in range(steps):
            u = c * w[:, t]
            total += g[t] * (u * (r[:, t] - qa[:, t])).sum() / u.sum()
            total += g[t + 1] * (u * v[:, t + 1]).sum() / u.sum()
        return total

    # The derivative in each count, in complex steps: no cancellation.
    inf = np.array([value(np.ones(N) + 1e-30j * np.eye(N)[i]).imag / 1e-30 * N for i in range(N)])
    return value(np.ones(N)), inf


zero = np.zeros_like(qa), np.zeros_like(v)
value, inf = stagewise(*zero, L)
out["wpdis"] = dict(value=value, se=np.sqrt((inf**2).sum() / (N * (N - 1))), ess=smallest)
rho_all = np.concatenate([e["pi"][np.arange(len(e["a"])), e["a"]] / e["mu"][np.arange(len(e["a"])), e["a"]] for e in episodes])
dm_ess = kish(rho_all) * N / len(rho_all)
out["dm"] = mean_type(v[:, 0]) | dict(ess=dm_ess)

# Jiang and Li's recursion, from the last decision back.
dr = np.zeros(N)
for i, e in enumerate(episodes):
    T = len(e["a"])
    value = 0.0
    for t in range(T - 1, -1, -1):
        rho = e["pi"][t, e["a"][t]] / e["mu"][t, e["a"][t]]
        value = v[i, t] + rho * (e["r"][t] + GAMMA * value - qa[i, t])
    dr[i] = value
out["dr"] = mean_type(dr) | dict(ess=smallest)

parts = [stagewise(qa, v, s) for s in range(L + 1)]
out["wdr"] = dict(
    value=parts[L][0], se=np.sqrt((parts[L][1] ** 2).sum() / (N * (N - 1))), ess=smallest)

values = np.array([p[0] for p in parts])
infs = np.array([p[1] for p in parts])
omega = infs @ infs.T / (N * (N - 1))
# The bootstrap interval of the weighted doubly robust estimate, with draws of its own.
boot = np.random.default_rng(7)


def resampled():
    c = np.bincount(boot.integers(0, N, size=N), minlength=N).astype(float)
    total = g[0] * (c * v[:, 0]).sum() / c.sum()
    for t in range(L):
        u = c * w[:, t]
        total += (g[t] * (u * (r[:, t] - qa[:, t])).sum() + g[t + 1] * (u * v[:, t + 1]).sum()) / u.sum()
    return total


drawn = np.sort([resampled() for _ in range(20000)])
low, high = min(values[L], drawn[999]), max(values[L], drawn[18999])
b = np.where(values > high, values - high, np.where(values < low, values - low, 0.0))
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
        loss = x @ M @ x
        if best is None or loss < best[0]:
            best = (loss, x)
x = best[1]
sizes = [dm_ess]
for t in range(L):
    sizes.append(min([N] + [kish(w[:, s]) for s in range(t + 1)]))
inf = x @ infs
out["magic"] = dict(
    value=x @ values, se=np.sqrt((inf**2).sum() / (N * (N - 1))), ess=float(x @ np.array(sizes)), mixture=x.tolist())

here = pathlib.Path(__file__).parent
starts = np.concatenate([[0], np.cumsum([len(e["a"]) for e in episodes])]).tolist()
flat = lambda key: np.concatenate([e[key].ravel() for e in episodes]).tolist()
json.dump(
    dict(
        discount=GAMMA, starts=starts, ratios=rho_all.tolist(), rewards=flat("r"),
        q=[float(qa[i, t]) for i, e in enumerate(episodes) for t in range(len(e["a"]))],
        v=[float(v[i, t]) for i, e in enumerate(episodes) for t in range(len(e["a"]))],
        interval=[low, high], estimates=out),
    open(here / "ope_reference.json", "w"), default=float)

# Fitted Q evaluation, pooled, quadratic basis, not cross-fitted, and a table; a log of its own.
n, H = 80, 3
X = rng.normal(size=(n, H, 2))
D = rng.integers(0, 3, size=(n, H)).astype(float)
A = rng.integers(0, K, size=(n, H))
R = X[:, :, 0] * (A - 1) + 0.4 * D + 0.2 * rng.normal(size=(n, H))
PI = rng.dirichlet(np.ones(K), size=(n, H))
F = rng.normal(size=(n, 2))
FD = rng.integers(0, 3, size=n).astype(float)
FPI = rng.dirichlet(np.ones(K), size=n)


def quadratic(flat, points):
    mean, sd = flat.mean(axis=0), flat.std(axis=0, ddof=1)
    z = (points - mean) / sd
    cols = [np.ones(len(z)), z[:, 0], z[:, 1], z[:, 0] ** 2, z[:, 0] * z[:, 1], z[:, 1] ** 2]
    return np.column_stack(cols)


def ridge(phi, a, y):
    m = y.mean()
    P = np.diag([1e-3] + [1.0] * (phi.shape[1] - 1))
    beta = np.zeros((K, phi.shape[1]))
    for k in range(K):
        f = phi[a == k]
        beta[k] = np.linalg.solve(f.T @ f + P, f.T @ (y[a == k] - m))
    return m, beta


flat_x = X.reshape(-1, 2)
phi = quadratic(flat_x, flat_x)
phi_final = quadratic(flat_x, F)
a = A.ravel()
rew = R.ravel()
pi = PI.reshape(-1, K)
fqe = dict()
fit = None
for k in range(1, H + 1):
    y = rew.copy()
    if fit is not None:
        m, beta, lo, hi = fit
        vals = (pi * np.clip(m + phi @ beta.T, lo, hi)).sum(axis=1).reshape(n, H)
        vfin = (FPI * np.clip(m + phi_final @ beta.T, lo, hi)).sum(axis=1)
        nxt = np.hstack([vals[:, 1:], vfin[:, None]])
        y = (R + GAMMA * nxt).ravel()
    m, beta = ridge(phi, a, y)
    s = (1 - GAMMA**k) / (1 - GAMMA)
    fit = (m, beta, min(0, rew.min()) * s, max(0, rew.max()) * s)
m, beta, lo, hi = fit
v0 = (pi * np.clip(m + phi @ beta.T, lo, hi)).sum(axis=1).reshape(n, H)[:, 0]
fqe["pooled_quadratic"] = float(v0.mean())

# A table over D and A, a model for each decision.
nxt = np.zeros(n)
for t in range(H - 1, -1, -1):
    y = R[:, t] + GAMMA * nxt
    table = np.zeros((3, K))
    for d in range(3):
        inside = D[:, t] == d
        for k in range(K):
            cell = inside & (A[:, t] == k)
            table[d, k] = y[cell].mean() if cell.any() else y[inside].mean()
    nxt = (PI[:, t] * table[D[:, t].astype(int)]).sum(axis=1)
fqe["staged_table"] = float(nxt.mean())
json.dump(
    dict(
        discount=GAMMA, x=X.tolist(), d=D.tolist(), a=A.tolist(), r=R.tolist(), pi=PI.tolist(), final=F.tolist(),
        finals=FD.tolist(), finalChances=FPI.tolist(), estimates=fqe),
    open(here / "fqe_reference.json", "w"))
