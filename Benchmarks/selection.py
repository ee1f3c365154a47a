#!/usr/bin/env python3
"""What the choice of a bandwidth costs.

    swift build -c release && python3 Benchmarks/selection.py [--rounds 3] [--output DIR]

* Leave-one-out over 50 bandwidths of 10⁶ rows in one input, Gaussian: the tool's path beside 50 sums
  by FINUFFT at the same keys, which are no leave-one-out yet. Both on two threads, times from arrays to
  results, in turns; FINUFFT at 1e-12, in the faster of its two ways to sort points, and only where its
  plan holds the modes. Bandwidths run evenly in log h from 1e-4 to 0.3 of the keys' range.
* The whole search over two inputs of 10⁴ rows, the tool's process from start to end.

Medians of the rounds. FINUFFT is installed into Benchmarks/.build-venv.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

from suite import environment

environment.require("numpy", "finufft")

import numpy

from peers import finufft_sums
from suite import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/nadaraya"
ROWS, COUNT = 1_000_000, 50


def one_input(kind):
    random = numpy.random.default_rng(7)
    keys = random.uniform(size=ROWS) if kind == "uniform" else random.normal(size=ROWS)
    return keys, numpy.sin(12 * keys) + 0.3 * random.normal(size=ROWS)


def two_inputs():
    random = numpy.random.default_rng(7)
    keys = random.normal(size=(10_000, 2))
    return keys, numpy.sin(2 * keys[:, 0]) + keys[:, 1] ** 2 + 0.3 * random.normal(size=10_000)


def ours_on_path(path, low, high):
    result = subprocess.run(
        [TOOL, "bandwidth", path, "-x", "c0", "-y", "c1", "--path", str(COUNT), "--from", repr(float(low)),
         "--to", repr(float(high)), "--threads", "2", "--timings"],
        capture_output=True, text=True, check=True)
    return json.loads(result.stderr.splitlines()[-1])["compute"]


def finufft_on_path(keys, values, bandwidths):
    best = float("inf")
    points = keys[:, None]
    for sort in (2, 0):
        start = time.perf_counter()
        for bandwidth in bandwidths:
            problem = SimpleNamespace(
                keys=points, queries=points, bandwidths=numpy.array([bandwidth]), values=values,
                accuracy=1e-12)
            finufft_sums.estimates(
                problem, {"upsampfac": 2.0, "spread_sort": sort, "nthreads": 2})
        best = min(best, time.perf_counter() - start)
    return best


def search(path, kernel):
    start = time.perf_counter()
    subprocess.run(
        [TOOL, "bandwidth", path, "-x", "c0,c1", "-y", "c2", "--kernel", kernel, "--threads", "2"],
        capture_output=True, check=True)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Benchmarks/Results")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run swift build -c release")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("uniform", "normal"):
            keys, values = one_input(kind)
            path = pathlib.Path(folder) / f"{kind}.npy"
            numpy.save(path, numpy.column_stack([keys, values]))
            width = float(keys.max() - keys.min())
            bandwidths = width * numpy.geomspace(1e-4, 0.3, COUNT)
            ours, theirs = [], []
            for _ in range(options.rounds):
                ours.append(ours_on_path(path, bandwidths[0], bandwidths[-1]))
                theirs.append(finufft_on_path(keys, values, bandwidths))
            rows.append({
                "work": f"leave-one-out at 50 bandwidths, 10⁶ {kind} keys",
                "seconds": statistics.median(ours), "finufft_sums": statistics.median(theirs),
                "rounds": {"ours": ours, "finufft": theirs}})
            print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
        keys, values = two_inputs()
        path = pathlib.Path(folder) / "two.npy"
        numpy.save(path, numpy.column_stack([keys, values]))
        for kernel in ("gaussian", "epanechnikov"):
            times = [search(path, kernel) for _ in range(options.rounds)]
            rows.append({
                "work": f"search over two inputs, 10⁴ rows, {kernel}",
                "seconds": statistics.median(times), "finufft_sums": None, "rounds": {"ours": times}})
            print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    options.output.mkdir(exist_ok=True)
    facts = {"machine": machine.describe(), "rows": rows}
    (options.output / "selection.json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False, default=str) + "\n")
    text = ["# The choice of a bandwidth", "",
            f"`python3 Benchmarks/selection.py --rounds {options.rounds}`; medians, two threads.", "",
            "| work | seconds | 50 FINUFFT sums | ratio |", "|:--|--:|--:|--:|"]
    for row in rows:
        peer = row["finufft_sums"]
        text.append(
            f"| {row['work']} | {row['seconds']:.2f} | "
            + (f"{peer:.2f} | {peer / row['seconds']:.1f} |" if peer else "| |"))
    (options.output / "selection.md").write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
