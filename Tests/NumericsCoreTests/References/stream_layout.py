"""Regenerates stream_layout.csv: python3 stream_layout.py

A second implementation of Philox4x32-10 and of the documented layout of a random stream, in plain Python integers.
"""

import json
import pathlib
import platform

HERE = pathlib.Path(__file__).parent
SEED = 20_260_731
MASK = 0xFFFFFFFF
PURPOSES = {"covariates": 1, "randomEffects": 4, "randomisation": 8, "analysis": 17}


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


assert philox([0, 0, 0, 0], [0, 0]) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def uniform(purpose, replicate, patient, substream, draw):
    tag = [int.from_bytes(b"Tria", "big"), int.from_bytes(b"lKey", "big")]
    key = philox([PURPOSES[purpose], 0, *tag], [SEED & MASK, SEED >> 32])[:2]
    words = philox([draw // 2, substream, patient, replicate], key)
    low, high = words[2 * (draw % 2) : 2 * (draw % 2) + 2]
    return (2 * (((high << 32) | low) >> 12) + 1) * 2.0**-53


rows = ["purpose,replicate,patient,substream,draw,uniform"]
for purpose in PURPOSES:
    for where in [(0, 0, 0, 0), (0, 0, 0, 1), (0, 1, 0, 0), (3, 70_000, 0, 5), (4_000_000_000, 17, 2, 4_294_967_295)]:
        rows.append(",".join([purpose, *map(str, where), repr(uniform(purpose, *where))]))
(HERE / "stream_layout.csv").write_text("\n".join(rows) + "\n")
info = {
    "what": f"Uniform numbers of random streams under seed {SEED}",
    "method": "Philox4x32-10 and the stream layout written a second time in Python integers",
    "script": "stream_layout.py",
    "versions": {"python": platform.python_version()},
    "rows": len(rows) - 1,
    "checks": "the published Random123 answer for zero counter and key",
}
(HERE / "stream_layout.info.json").write_text(json.dumps(info, indent=2) + "\n")
