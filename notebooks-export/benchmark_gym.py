"""Prints how many steps a second the environments make through Gymnasium's vector interface.

    python notebooks-export/benchmark_gym.py [--lanes 16,256,4096] [--seconds 1] [--only oberst-sepsis] [--threads 1] [--json]

`make bench-gym` runs it with the built executable. Steps are of wall time, actions are drawn beforehand, and the best of
five runs counts, as the others measure the neighbours. `times the peers` divides by the fastest of the packages that offer
the same problem to Gymnasium one episode at a time.
"""

import argparse
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "trialist_gym"))

from trialist_gym import TrialistVectorEnv  # noqa: E402

RUNS = 5
# Steps a second of the fastest package with the same problem, on a machine of this kind, and the lanes that are tried.
ENVIRONMENTS = {
    "oberst-sepsis": (60_000, (16, 256, 1024, 4096)),
    "ahn-chemotherapy": (4_900, (16, 256, 1024)),
    "epicare": (16_600, (16, 256, 1024)),
    "type1-diabetes": (141, (16, 256)),
}


def draw_actions(envs, count):
    """Random actions for `count` steps, from the batched space with a fixed seed."""
    envs.action_space.seed(1)
    return [envs.action_space.sample() for _ in range(count)]


def measure(name, lanes, seconds, threads):
    """Steps a second of the fastest of the runs."""
    with TrialistVectorEnv(name, lanes, threads=threads) as envs:
        envs.reset(seed=1)
        actions = draw_actions(envs, 16)
        best = 0.0
        for _ in range(RUNS):
            steps, start = 0, time.perf_counter()
            elapsed = 0.0
            while elapsed < seconds / RUNS:
                for action in actions:
                    envs.step(action)
                steps += lanes * len(actions)
                elapsed = time.perf_counter() - start
            best = max(best, steps / elapsed)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lanes", help="numbers of lanes; those of the README by default")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each number of lanes")
    parser.add_argument("--only", help="environments, of " + ", ".join(ENVIRONMENTS))
    parser.add_argument("--threads", type=int, default=1, help="of the server")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(ENVIRONMENTS)
    for name in names:
        if name not in ENVIRONMENTS:
            parser.error(f"--only: found '{name}', allowed: {', '.join(ENVIRONMENTS)}")
    rows = []
    if not options.json:
        print(f"{'environment':18} {'lanes':>6} {'steps/s':>12} {'microseconds/call':>18} {'times the peers':>16}")
    for name in names:
        peer, usual = ENVIRONMENTS[name]
        for lanes in [int(text) for text in options.lanes.split(",")] if options.lanes else usual:
            rate = measure(name, lanes, options.seconds, options.threads)
            rows.append({"environment": name, "lanes": lanes, "steps_per_second": rate, "times_the_peers": rate / peer})
            if not options.json:
                print(f"{name:18} {lanes:6} {rate:12,.0f} {1e6 * lanes / rate:18.1f} {rate / peer:16.0f}", flush=True)
    if options.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
