#!/usr/bin/env python3
"""How often intervals hold what they promise, by simulation.

    swift build -c release && python3 Benchmarks/coverage.py [--tables 1000] [--output DIR]

Tables of n rows are drawn from a known curve, v = sin(4πx) + 2x + noise; the tool chooses the
bandwidth by leave-one-out on each, as a user would, and its 95 % intervals are compared with the truth:

* confidence intervals, by the formula and by 400 replicates of the bootstrap, with the curve at each
  of seven places, the two ends among them;
* bands with the curve at all of 101 places at once;
* prediction intervals with a new value at each of the seven places.

x is uniform on [0, 1], or 70 % of the rows are in a cluster and the others uniform: in `cluster` uniform
on [0.4, 0.5], of which the place 0.5 is the edge, in `peak` normal about 0.3, of standard deviation 0.03.
The bandwidth then suits the cluster, and elsewhere few rows are in reach. An interval that does not exist
counts as one that does not hold.

Noise is normal, of one size or growing with x from a third to nearly twice of it. The share of tables
in which an interval holds has a standard error of √(0.95·0.05/tables), 0.7 % for 1,000.
"""

import argparse
import json
import math
import platform
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOL = ROOT / ".build/release/nadaraya"
PLACES = [0.0, 0.02, 0.1, 0.3, 0.5, 0.77, 1.0]
BAND = [i / 100 for i in range(101)]
SIZES = {"uniform": [60, 100, 300, 1000], "cluster": [60, 300], "peak": [60, 300]}
DEGREES = [0, 1]
REPLICATES = 400
KINDS = ("confidence", "bootstrap", "band", "prediction")


def curve(x):
    return math.sin(4 * math.pi * x) + 2 * x


def place(draw, design, row, size):
    if design == "uniform" or row >= 0.7 * size:
        return draw.random()
    return draw.uniform(0.4, 0.5) if design == "cluster" else draw.gauss(0.3, 0.03)


def noise_size(x, varies):
    return 0.3 * (0.3 + 1.4 * x) if varies else 0.3


def run(*arguments):
    result = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"nadaraya {' '.join(map(str, arguments))}: {result.stderr}")
    return result.stdout


def intervals(*arguments):
    rows = [line.split(",") for line in run(*arguments, "--format", "csv").splitlines()]
    lower, upper = rows[0].index("v_lower"), rows[0].index("v_upper")
    return [(float(row[lower]), float(row[upper])) for row in rows[1:]]


def one_table(task):
    """For each kind, whether each interval held, and its width."""
    folder, seed, design, size, varies, degree = task
    draw = random.Random(seed)
    keys = [place(draw, design, row, size) for row in range(size)]
    data = Path(folder) / f"{seed}-{design}-{size}-{varies}-{degree}.csv"
    data.write_text("x,v\n" + "".join(
        f"{x!r},{curve(x) + noise_size(x, varies) * draw.gauss(0, 1)!r}\n" for x in keys))
    base = [data, "-x", "x", "-y", "v", "--degree", degree, "--threads", 1]
    chosen = json.loads(run("bandwidth", *base, "--format", "json"))["bandwidth"][0]
    base = ["predict", *base, "--bandwidth", chosen, "--level", 0.95]
    confidence = intervals(*base, "--at", Path(folder) / "places.csv")
    bootstrap = intervals(*base, "--bootstrap", REPLICATES, "--at", Path(folder) / "places.csv")
    band = intervals(*base, "--band", "--at", Path(folder) / "band.csv")
    prediction = intervals(*base, "--prediction", "--at", Path(folder) / "places.csv")
    data.unlink()
    fresh = [curve(x) + noise_size(x, varies) * draw.gauss(0, 1) for x in PLACES]

    def held(ends, truth):
        return [low <= value <= high for (low, high), value in zip(ends, truth)]

    def width(ends):
        # One that does not exist is wider than any.
        return [math.inf if math.isnan(high - low) else high - low for low, high in ends]

    return {
        "confidence": (held(confidence, map(curve, PLACES)), width(confidence)),
        "bootstrap": (held(bootstrap, map(curve, PLACES)), width(bootstrap)),
        "band": ([all(held(band, map(curve, BAND)))], [sum(width(band)) / len(BAND)]),
        "prediction": (held(prediction, fresh), width(prediction)),
    }


def median(numbers):
    ordered = sorted(numbers)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--output", type=Path, default=ROOT / "Benchmarks/Results")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run swift build -c release")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, places in (("places", PLACES), ("band", BAND)):
            (Path(folder) / f"{name}.csv").write_text("x\n" + "".join(f"{x}\n" for x in places))
        settings = [
            (design, size, varies, degree) for design in SIZES for degree in DEGREES
            for size in SIZES[design] for varies in (False, True)]
        for design, size, varies, degree in settings:
            tasks = [
                (folder, seed, design, size, varies, degree) for seed in range(options.tables)]
            with ThreadPoolExecutor() as pool:
                tables = list(pool.map(one_table, tasks))
            for kind in KINDS:
                results.append({
                    "design": design, "degree": degree, "rows": size,
                    "noise": "varying" if varies else "even", "kind": kind,
                    "coverage": [
                        sum(column) / len(tables)
                        for column in zip(*(table[kind][0] for table in tables))],
                    "median_width": [
                        median(column)
                        for column in zip(*(table[kind][1] for table in tables))],
                })
                print(line(results[-1]), flush=True)
    options.output.mkdir(exist_ok=True)
    facts = {"tables": options.tables, "places": PLACES, "machine": platform.machine(),
             "results": results}
    (options.output / "coverage.json").write_text(json.dumps(facts, indent=1) + "\n")
    (options.output / "coverage.md").write_text(page(options.tables, results))


def line(result):
    numbers = " ".join(f"{100 * share:5.1f}" for share in result["coverage"])
    return (f"{result['design']}, degree {result['degree']}, {result['rows']:4} rows, {result['noise']:7} noise, "
            f"{result['kind']:10} {numbers}")


def page(tables, results):
    text = [
        "# Coverage of 95 % intervals", "",
        f"`python3 Benchmarks/coverage.py --tables {tables}`: the share of {tables} tables in which an "
        "interval holds, in percent, standard error "
        f"{100 * math.sqrt(0.95 * 0.05 / tables):.1f}. Bandwidths by leave-one-out on each table.", "",
    ]
    for kind, what in (
        ("confidence", "Confidence intervals, the curve at one place"),
        ("bootstrap", f"The same by {REPLICATES} replicates of the bootstrap"),
        ("prediction", "Prediction intervals, a new value at one place"),
    ):
        text += [f"## {what}", "",
                 "| design | degree | rows | noise | " + " | ".join(f"x = {x:g}" for x in PLACES) + " |",
                 "|:--|--:|--:|:--|" + "--:|" * len(PLACES)]
        text += [
            f"| {r['design']} | {r['degree']} | {r['rows']} | {r['noise']} | "
            + " | ".join(f"{100 * share:.1f}" for share in r["coverage"]) + " |"
            for r in results if r["kind"] == kind]
        text.append("")
    text += ["## Bands, the curve at 101 places at once", "", "| design | degree | rows | noise | held |",
             "|:--|--:|--:|:--|--:|"]
    text += [
        f"| {r['design']} | {r['degree']} | {r['rows']} | {r['noise']} | {100 * r['coverage'][0]:.1f} |"
        for r in results if r["kind"] == "band"]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main()
