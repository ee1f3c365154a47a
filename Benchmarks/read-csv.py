#!/usr/bin/env python3
"""Time to read a CSV file of 10^6 rows and two columns: nadaraya against pandas.

    python3 Benchmarks/read-csv.py [--tool .build/release/nadaraya] [--rows N] [--repeats N]

Two files are made, one with three decimals a number and one with 16 to 17 significant digits. Then
pandas.read_csv (its default engine and conversion) and the tool read each of them in turn, so that
both meet the same load of the machine. Every reading is the first of its process: the tool's is the
"read" of its --timings line, pandas' is measured around the call, the import left out. Printed are
the medians, all times, and the ratio; the claim is a ratio of at most 2. Needs pandas.
"""

import argparse
import importlib.metadata
import json
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile

from suite import environment, machine

RESULTS = pathlib.Path(__file__).parent / "Results"

PANDAS = """
import sys, time, pandas
start = time.perf_counter()
table = pandas.read_csv(sys.argv[1])
print(time.perf_counter() - start)
assert table.shape[1] == 2 and table.dtypes.eq("float64").all()
"""


def write_file(path, rows, number):
    with open(path, "w") as file:
        file.write("a,b\n")
        for _ in range(rows):
            file.write(f"{number()},{number()}\n")


def pandas_seconds(path):
    run = subprocess.run(
        [sys.executable, "-c", PANDAS, path], check=True, capture_output=True, text=True)
    return float(run.stdout)


def tool_seconds(tool, path):
    run = subprocess.run(
        [tool, "predict", path, "-x", "a", "-y", "b", "--bandwidth", "1", "--kernel", "boxcar",
         "--grid", "2", "--timings"],
        check=True, capture_output=True, text=True)
    timings = [line for line in run.stderr.splitlines() if line.startswith("{")]
    return json.loads(timings[-1])["read"]


def main():
    environment.require("pandas")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=".build/release/nadaraya")
    parser.add_argument("--rows", type=int, default=10**6)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()

    source = random.Random(0)
    files = {
        "3 decimals": lambda: f"{source.uniform(-100, 100):.3f}",
        "16-17 digits": lambda: repr(source.gauss(0, 1)),
    }
    print(f"{platform.platform()}, Python {platform.python_version()}, {options.rows} rows")
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for name, number in files.items():
            path = str(pathlib.Path(folder) / "table.csv")
            write_file(path, options.rows, number)
            ours, theirs = [], []
            for _ in range(options.repeats):
                theirs.append(pandas_seconds(path))
                ours.append(tool_seconds(options.tool, path))
            ratio = statistics.median(ours) / statistics.median(theirs)
            print(f"{name}: nadaraya {statistics.median(ours):.4f} s,"
                  f" pandas {statistics.median(theirs):.4f} s, ratio {ratio:.2f}")
            print("  nadaraya", " ".join(f"{seconds:.4f}" for seconds in ours))
            print("  pandas  ", " ".join(f"{seconds:.4f}" for seconds in theirs))
            runs.append({"file": name, "nadaraya": ours, "pandas": theirs, "ratio": ratio})
    write_results(options.rows, runs)


def write_results(rows, runs):
    facts = machine.describe() | {"pandas": importlib.metadata.version("pandas")}
    (RESULTS / "read-csv.json").write_text(
        json.dumps({"machine": facts, "rows": rows, "seconds": runs}, indent=1) + "\n")
    lines = [
        "# Reading a CSV file",
        "",
        f"{rows} rows of two columns, seconds, medians of {len(runs[0]['pandas'])} alternating first"
        " readings. The claim is a ratio of at most 2.",
        "",
        f"{facts['processor']}, {facts['cores']} cores; {facts['swift']}; pandas {facts['pandas']}.",
        "",
        "| file | nadaraya | pandas | ratio |",
        "|:--|--:|--:|--:|",
    ]
    for run in runs:
        lines.append(
            f"| {run['file']} | {statistics.median(run['nadaraya']):.4f}"
            f" | {statistics.median(run['pandas']):.4f} | {run['ratio']:.2f} |")
    (RESULTS / "read-csv.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
