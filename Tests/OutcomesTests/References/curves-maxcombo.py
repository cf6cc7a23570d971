"""Writes curves-maxcombo-python.json: the p-value of each MaxCombo in curves-trial-R.json by adaptive quadrature.

The weights 1, 1 - S and S make z(0, 0) a combination of z(0, 1) and z(1, 0): the four statistics are three numbers. Given the
first two, z(1, 1) is normal, and the bound on z(0, 0) cuts the range of the second. Run in this folder: python curves-maxcombo.py
"""
import json
import numpy
import scipy
from scipy.integrate import quad
from scipy.stats import norm


def p_value(correlation, c):
    r = numpy.array(correlation)
    pair = r[numpy.ix_([1, 2], [1, 2])]
    sum_of = numpy.linalg.solve(pair, r[[1, 2], 0])
    slope = numpy.linalg.solve(pair, r[[1, 2], 3])
    deviation = numpy.sqrt(1 - slope @ r[[1, 2], 3])
    rho, rest = r[1, 2], numpy.sqrt(1 - r[1, 2] ** 2)

    def inner(x):
        low, high = rho * x - 10 * rest, min(c, (c - sum_of[0] * x) / sum_of[1])
        density = lambda y: norm.pdf((y - rho * x) / rest) / rest * norm.cdf((c - slope[0] * x - slope[1] * y) / deviation)
        return quad(density, low, high, epsabs=1e-14, epsrel=1e-12, limit=200)[0] if high > low else 0.0

    kink = min(c, (c - sum_of[1] * c) / sum_of[0])
    return 1 - sum(quad(lambda x: norm.pdf(x) * inner(x), a, b, epsabs=1e-13, epsrel=1e-11, limit=200)[0]
                   for a, b in [(-10, kink), (kink, c)])


sets = json.load(open("curves-trial-R.json"))["sets"]
result = {name: p_value(s["maxCombo"]["correlation"], -min(s["maxCombo"]["z"])) for name, s in sets.items()}
json.dump({"scipy": scipy.__version__, "p": result}, open("curves-maxcombo-python.json", "w"), indent=1)
