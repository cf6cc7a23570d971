#!/usr/bin/env python3
"""Prints the coefficients of Sources/CSLEEF/exponential.h (needs mpmath).

Each polynomial interpolates its function at the zeros of a Chebyshev polynomial, which is within a small factor of the
best; the largest relative error of the function that it serves stands beside it, in units of 2^-53.
"""

import mpmath
from mpmath import mp, mpf

mp.dps = 50


def interpolate(function, low, high, count):
    nodes = [(low + high) / 2 + (high - low) / 2 * mpmath.cos(mpmath.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    powers = mpmath.matrix(count, count)
    for i, x in enumerate(nodes):
        for k in range(count):
            powers[i, k] = x**k
    return [mpf(float(c)) for c in mpmath.lu_solve(powers, mpmath.matrix([function(x) for x in nodes]))]


def value(coefficients, x):
    return mpmath.polyval(coefficients[::-1], x)


def show(name, coefficients, error):
    print(f"{name}: {mpmath.nstr(error * 2**53, 3)} x 2^-53")
    for c in coefficients:
        print(f"    {float(c)!r},")


# e^x = 1 + x + x^2 q(x) for |x| <= ln 2 / 2, with room for the rounding of the reduction.
half = mpmath.log(2) / 2 * mpf("1.0001")
taylor = lambda x: mpmath.nsum(lambda k: x**k / mpmath.factorial(k + 2), [0, mpmath.inf]) if abs(x) < 1e-3 else (mpmath.exp(x) - 1 - x) / x**2
q = interpolate(taylor, -half, half, 11)
grid = [half * (2 * mpf(k) / 400 - 1) for k in range(401)]
show("exp", q, max(abs((1 + x + x * x * value(q, x)) / mpmath.exp(x) - 1) for x in grid))

# ln((1 + s) / (1 - s)) = 2 s + s z r(z) with z = s^2, for (1 + s)/(1 - s) from sqrt(1/2) to sqrt(2).
limit = ((mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)) ** 2 * mpf("1.0001")
series = lambda z: mpmath.nsum(lambda k: 2 * z**k / (2 * k + 3), [0, mpmath.inf])
r = interpolate(series, mpf(0), limit, 7)
points = [limit * mpf(k) / 400 for k in range(1, 401)]
show("log", r, max(abs(mpmath.sqrt(z) * (2 + z * value(r, z)) / (2 * mpmath.atanh(mpmath.sqrt(z))) - 1) for z in points))

high = mpf(float(mpmath.log(2)))
print("ln 2", repr(float(high)), repr(float(mpmath.log(2) - high)))
# The leading 32 bits of ln 2 times an exponent are exact.
leading = mpmath.floor(mpmath.log(2) * 2**32) / 2**32
print("ln 2 in two parts, the first of 32 bits:", repr(float(leading)), repr(float(mpmath.log(2) - leading)))
