#!/usr/bin/env python3
"""Prints the tables of Sources/Pharmacology/Solvers/Radau7.swift, computed with 60 digits (needs mpmath)."""

import mpmath
from mpmath import matrix, mp, mpf, nstr

STAGES = 4
mp.dps = 60


def shifted_legendre(k):
    """The coefficients of P_k(2x - 1), lowest first."""
    return [mpf((-1) ** (k + j)) * mpmath.binomial(k, j) * mpmath.binomial(k + j, j) for j in range(k + 1)]


difference = [a - b for a, b in zip(shifted_legendre(STAGES), shifted_legendre(STAGES - 1) + [mpf(0)])]
roots = mpmath.polyroots(difference[::-1], maxsteps=500, extraprec=500)
nodes = sorted(mpmath.re(root) for root in roots)

powers = matrix(STAGES, STAGES)
for i in range(STAGES):
    for k in range(STAGES):
        powers[k, i] = nodes[i] ** k
table = matrix(STAGES, STAGES)
for i in range(STAGES):
    row = mpmath.lu_solve(powers, matrix([nodes[i] ** (k + 1) / (k + 1) for k in range(STAGES)]))
    for j in range(STAGES):
        table[i, j] = row[j]
inverse = mpmath.inverse(table)

values, vectors = mpmath.eig(inverse)
pairs = [(values[k], vectors[:, k]) for k in range(STAGES) if mpmath.im(values[k]) > 0]
pairs.sort(key=lambda pair: -mpmath.re(pair[0]))
basis = matrix(STAGES, STAGES)
for j, (_, vector) in enumerate(pairs):
    vector = vector / vector[STAGES - 1]
    for i in range(STAGES):
        basis[i, 2 * j] = mpmath.re(vector[i])
        basis[i, 2 * j + 1] = mpmath.im(vector[i])

print("alpha", [nstr(mpmath.re(value), 20) for value, _ in pairs])
print("beta", [nstr(mpmath.im(value), 20) for value, _ in pairs])
for name, printed in (("inverse", inverse), ("vectors", basis), ("inverseVectors", mpmath.inverse(basis))):
    print(name)
    for i in range(STAGES):
        print("    [", ", ".join(nstr(printed[i, j], 18) for j in range(STAGES)), "],", sep="")
