"""Writes sobol_points.csv: coordinates of the plain Sobol sequence in scattered dimensions, from SciPy."""
import csv
import json
from pathlib import Path

import scipy
from scipy.stats import qmc

here = Path(__file__).parent
dimensions = [0, 1, 2, 3, 4, 5, 6, 9, 20, 49, 99, 199, 399, 480, 481, 699, 999, 1050, 1109, 1110]
indices = [1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 100, 255, 256, 1000, 1023, 4095, 65535]

points = qmc.Sobol(d=1111, scramble=False, bits=30).random(65536)[indices]
with open(here / "sobol_points.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["function", "argument1", "argument2", "value"])
    for dimension in dimensions:
        for row, index in enumerate(indices):
            writer.writerow(["sobol", dimension, index, repr(float(points[row, dimension]))])

info = {
    "what": "Coordinates of the Sobol sequence: dimension (from 0), index of the point, value",
    "method": "SciPy's scipy.stats.qmc.Sobol, unscrambled, whose direction numbers are Joe and Kuo's new-joe-kuo-6",
    "script": "sobol_points.py",
    "versions": {"scipy": scipy.__version__},
    "rows": len(dimensions) * len(indices),
    "checks": "the values are exact binary fractions: compared for equality",
}
(here / "sobol_points.info.json").write_text(json.dumps(info, indent=2) + "\n")
