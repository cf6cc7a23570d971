"""Regenerates elementary_functions.csv: python3 elementary_functions.py

Arguments cover each function's domain with a fixed seed; they are written as the shortest decimals that round to the
double used, values to 22 significant digits.
"""

import json
import math
import pathlib
import platform
import random

import mpmath
from mpmath import mp, mpf

mp.dps = 400  # enough to reduce the largest trigonometric argument
HERE = pathlib.Path(__file__).parent
COUNT = 60
dice = random.Random(20260731)


def span(low, high):
    return [dice.uniform(low, high) for _ in range(COUNT // 2)]


def scales(low, high, signed=True):
    return [math.exp(dice.uniform(math.log(low), math.log(high))) * (dice.choice([-1, 1]) if signed else 1) for _ in range(COUNT // 2)]


ANGLES = span(-10, 10) + scales(1e-12, 1e300) + [1e15, 1e22, 6381956970095103 * 2.0**797]
UNIT = span(-1, 1) + [x for x in scales(1e-300, 1)] + [1 - 2**-53, -1 + 2**-50]
FUNCTIONS = {
    "exp": (mpmath.exp, span(-700, 700) + scales(1e-20, 10)),
    "expm1": (mpmath.expm1, span(-5, 5) + scales(1e-300, 700)),
    "log": (mpmath.log, span(0, 3) + scales(1e-307, 1e307, signed=False) + [5e-324, 1 + 2**-52, 1 - 2**-53]),
    "log1p": (mpmath.log1p, span(-1, 3) + [abs(x) for x in scales(1e-300, 1e307)]),
    "log10": (mpmath.log10, span(0, 3) + scales(1e-307, 1e307, signed=False)),
    "log2": (lambda x: mpmath.log(x) / mpmath.log(2), span(0, 3) + scales(1e-307, 1e307, signed=False)),
    "sin": (mpmath.sin, ANGLES),
    "cos": (mpmath.cos, ANGLES),
    "tan": (mpmath.tan, ANGLES),
    "asin": (mpmath.asin, UNIT),
    "acos": (mpmath.acos, UNIT),
    "atan": (mpmath.atan, span(-5, 5) + scales(1e-300, 1e300)),
    "sinh": (mpmath.sinh, span(-700, 700) + scales(1e-300, 10)),
    "cosh": (mpmath.cosh, span(-700, 700) + scales(1e-300, 10)),
    "tanh": (mpmath.tanh, span(-3, 3) + scales(1e-300, 30)),
    "erf": (mpmath.erf, span(-3, 3) + scales(1e-300, 6)),
    "erfc": (mpmath.erfc, span(-5, 26) + scales(1e-20, 10)),
    "gamma": (mpmath.gamma, span(0, 170) + span(-20, 5)),
    "lgamma": (lambda x: mpmath.log(abs(mpmath.gamma(x))), span(0, 200) + scales(1e-10, 1e6, signed=False)),
}


def row(function, arguments, value):
    padded = [repr(float(a)) for a in arguments] + [""] * (2 - len(arguments))
    return ",".join([function, *padded, mpmath.nstr(value, 22, min_fixed=0, max_fixed=0)])


rows = ["function,argument1,argument2,value"]
for name, (function, arguments) in FUNCTIONS.items():
    for x in arguments:
        if name == "lgamma" and x > 1000:
            with mp.workdps(60):
                value = mpmath.loggamma(mpf(x))
        else:
            value = function(mpf(x))
        rows.append(row(name, [x], value))
for _ in range(COUNT):
    x = math.exp(dice.uniform(-20, 20))
    y = dice.uniform(-30, 30)
    rows.append(row("pow", [x, y], mpf(x) ** mpf(y)))
for base, exponent in [(-2.0, 3.0), (-0.5, 4.0), (1 + 2**-52, 1e15), (1e-300, 0.5), (2.0, -1021.0)]:
    rows.append(row("pow", [base, exponent], mpmath.power(mpf(base), int(exponent)) if base < 0 else mpf(base) ** mpf(exponent)))
for y, x in zip(scales(1e-10, 1e10) * 2, scales(1e-10, 1e10) * 2):
    rows.append(row("atan2", [y, x], mpmath.atan2(mpf(y), mpf(x))))

(HERE / "elementary_functions.csv").write_text("\n".join(rows) + "\n")
info = {
    "what": "Values of elementary functions at double arguments",
    "method": "mpmath arbitrary precision, 400 digits",
    "script": "elementary_functions.py",
    "seed": 20260731,
    "versions": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "rows": len(rows) - 1,
    "checks": "none beside mpmath's own; SLEEF, the library under test, is an independent implementation",
}
(HERE / "elementary_functions.info.json").write_text(json.dumps(info, indent=2) + "\n")
