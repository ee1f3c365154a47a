#!/usr/bin/env python3
"""What a person types, as the number of rows grows: whole processes, with peers in the same run.

    swift build -c release && python3 Benchmarks/scale.py [--rounds 3] [--only TEXT] [--limit SECONDS]
                                                         [--output DIR]

Each row is a command of the tool over a table of a known curve with noise of 0.3, from start to end of
the process, on the machine's own instruction set and all its processors. Peers are R's packages mgcv,
KernSmooth and locfit, timed in the same rounds from reading the table to their estimates at the rows; one
that is not installed is left out (`apt-get install r-base-core r-cran-mgcv r-cran-kernsmooth
r-cran-locfit`). Errors are root mean squares from the curve at the rows, the tool's and the peer's.

Medians of the rounds. A process is ended after the limit, and its row says so. Growth is the last table:
time per row from 10⁴ to 10⁷ rows, and peak memory.
"""

import argparse
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from suite import environment

environment.require("numpy")

import numpy

from suite import machine, tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/nadaraya"
INPUTS = {"one": "x", "lognormal": "x", "two": "x0,x1", "six": ",".join(f"x{i}" for i in range(6)),
          "ten": ",".join(f"x{i}" for i in range(10))}

# Title, table, rows, arguments, peer, seconds to reach.
WORK = [
    ("predict", "one", 10**6, ["predict"], "bam", 1),
    ("predict, degree 1", "one", 10**6, ["predict", "--degree", "1"], "dpill", 2),
    ("predict, Epanechnikov", "one", 10**6, ["predict", "--kernel", "epanechnikov"], None, 2),
    ("predict, tricube, degree 1", "one", 10**6, ["predict", "--kernel", "tricube", "--degree", "1"], None, 2),
    ("plug-in", "one", 10**5, ["bandwidth", "--bandwidth", "plug-in"], "dpill", 0.2),
    ("plug-in", "one", 10**6, ["bandwidth", "--bandwidth", "plug-in"], "dpill", 0.7),
    ("predict, lognormal keys", "lognormal", 10**5, ["predict"], None, 0.5),
    ("intervals at 100 queries", "one", 10**6,
     ["predict", "--bandwidth", "0.01", "--level", "0.95", "--grid", "100"], None, 0.5),
    ("plot with a band", "one", 10**6, ["plot", "--bandwidth", "0.01", "--band", "--level", "0.95"], None, 2),
    ("plot of attention, wide", "one", 10**5, ["plot", "--bandwidth", "0.1", "--attention"], None, 0.5),
    ("plot of attention, wide", "one", 10**6, ["plot", "--bandwidth", "0.1", "--attention"], None, 2),
    ("predict, 2 inputs", "two", 10**4, ["predict"], None, 0.3),
    ("predict, 2 inputs", "two", 10**5, ["predict"], "te", 1.5),
    ("2 inputs, degree 1, h given", "two", 10**5, ["predict", "--degree", "1", "--bandwidth", "0.05"], "locfit", 0.3),
    ("2 inputs, degree 1, h given", "two", 10**6, ["predict", "--degree", "1", "--bandwidth", "0.05"], None, 3),
    ("predict, 2 inputs, degree 1", "two", 10**4, ["predict", "--degree", "1"], None, 0.7),
    ("predict, 2 inputs, degree 1", "two", 10**5, ["predict", "--degree", "1"], "te", 4),
    ("2 inputs, narrow h given", "two", 10**6, ["predict", "--bandwidth", "0.002"], None, 1.5),
    ("predict, 6 inputs", "six", 20_000, ["predict"], None, 8),
    ("predict, 10 inputs, degree 1", "ten", 350, ["predict", "--degree", "1"], None, 2),
    ("learn, 6 inputs", "six", 20_000, ["learn"], None, 12),
]

PEERS = {
    "bam": ("mgcv", "m <- mgcv::bam(y ~ s(x, k = 60), data = d, discrete = TRUE); e <- fitted(m)"),
    "dpill": ("KernSmooth", """h <- KernSmooth::dpill(d$x, d$y); f <- KernSmooth::locpoly(d$x, d$y, bandwidth = h)
e <- approx(f$x, f$y, d$x)$y"""),
    "te": ("mgcv", "m <- mgcv::bam(y ~ te(x0, x1, k = 12), data = d, discrete = TRUE); e <- fitted(m)"),
    "locfit": ("locfit", """m <- locfit::locfit(y ~ locfit::lp(x0, x1, h = 0.125, deg = 1), data = d, kern = "gauss")
e <- fitted(m)"""),
}


def table(kind, rows, folder):
    """The table as a .csv file, and the curve at its rows; the same numbers in each run."""
    path = folder / f"{kind}-{rows}.csv"
    random = numpy.random.default_rng([len(kind), rows])
    if kind in ("one", "lognormal"):
        keys = random.random((rows, 1)) if kind == "one" else numpy.exp(random.standard_normal((rows, 1)))
        curve = numpy.sin(12 * keys[:, 0]) if kind == "one" else numpy.sin(3 * numpy.log(keys[:, 0]))
    elif kind == "two":
        keys = random.random((rows, 2))
        curve = numpy.sin(6 * keys[:, 0]) * numpy.cos(4 * keys[:, 1])
    else:
        keys = random.standard_normal((rows, 6 if kind == "six" else 10))
        curve = numpy.sin(keys[:, 0]) + 0.5 * keys[:, 1] + 0.2 * keys[:, 2] ** 2
    if not path.exists():
        values = curve + 0.3 * random.standard_normal(rows)
        names = INPUTS[kind] + ",y"
        numpy.savetxt(path, numpy.column_stack([keys, values]), delimiter=",", header=names, comments="")
    return path, curve


def timed(command, limit):
    """Seconds of a process; None where it ran into the limit."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, errors = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {errors.decode().strip()}")
    return seconds


def peak_memory(command, limit):
    """Megabytes that the process had at most, by a child that reports on its own child alone."""
    program = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
               "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    try:
        run = subprocess.run([sys.executable, "-c", program, *map(str, command)], capture_output=True,
                             text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    return int(run.stdout) / 1024


def ours(work, path, folder):
    title, kind, rows, arguments, _, _ = work
    command = [TOOL, arguments[0], path, "-x", INPUTS[kind], "-y", "y", *arguments[1:]]
    if arguments[0] == "plot":
        command += ["--output", folder / "picture.svg"]
    elif arguments[0] == "learn":
        command += ["--output", folder / "model.json"]
    else:
        command += ["--output", folder / "result.csv"]
    return command


def error_of(path, curve):
    """Of estimates at the rows; None where the command writes others, or none."""
    if not path.exists():
        return None
    with open(path) as file:
        names = file.readline().strip().split(",")
    if "y_hat" not in names:
        return None
    estimates = numpy.loadtxt(path, delimiter=",", skiprows=1, usecols=names.index("y_hat"), ndmin=1)
    if len(estimates) != len(curve):
        return None
    return math.sqrt(float(numpy.nanmean((estimates - curve) ** 2)))


def peer_command(name, path, folder):
    package, program = PEERS[name]
    if shutil.which("Rscript") is None:
        return None
    found = subprocess.run(
        ["Rscript", "-e", f'quit(status = !requireNamespace("{package}", quietly = TRUE))'],
        capture_output=True)
    if found.returncode != 0:
        return None
    text = f'd <- read.csv("{path}")\n{program}\nwriteBin(as.numeric(e), "{folder / "peer.bin"}")\n'
    script = folder / f"{name}.R"
    script.write_text(text)
    return ["Rscript", str(script)]


def measure(work, folder, rounds, limit):
    title, kind, rows, arguments, peer, goal = work
    path, curve = table(kind, rows, folder)
    command = ours(work, path, folder)
    (folder / "result.csv").unlink(missing_ok=True)
    theirs = peer and peer_command(peer, path, folder)
    times, peers = [], []
    for _ in range(rounds):
        times.append(timed(command, limit))
        if times[-1] is None:
            break
        if theirs:
            peers.append(timed(theirs, limit))
    row = {"work": title, "rows": rows, "goal": goal, "peer": peer if theirs else None, "times": times,
           "peer_times": peers, "seconds": None if None in times else statistics.median(times),
           "peer_seconds": statistics.median(peers) if peers and None not in peers else None}
    row["megabytes"] = peak_memory(command, limit) if row["seconds"] else None
    row["error"] = error_of(folder / "result.csv", curve) if row["seconds"] else None
    row["peer_error"] = None
    if row["peer_seconds"]:
        estimates = numpy.fromfile(folder / "peer.bin")
        row["peer_error"] = math.sqrt(float(numpy.nanmean((estimates - curve) ** 2)))
    return row


def number(value, form=".2f"):
    return "" if value is None else format(value, form)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose title contains this")
    parser.add_argument("--limit", type=float, default=180, help="seconds for one process")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Benchmarks/Results")
    options = parser.parse_args()
    if not TOOL.exists():
        sys.exit(f"there is no {TOOL}: run swift build -c release")
    results, growth = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for work in WORK:
            if options.only in work[0]:
                results.append(measure(work, folder, options.rounds, options.limit))
                print(json.dumps(results[-1], ensure_ascii=False), flush=True)
        for degree in ("0", "1"):
            for rows in (10**4, 10**5, 10**6, 10**7):
                work = (f"growth, degree {degree}", "one", rows, ["predict", "--degree", degree], None, None)
                if options.only not in work[0]:
                    continue
                growth.append(measure(work, folder, options.rounds, options.limit))
                print(json.dumps(growth[-1], ensure_ascii=False), flush=True)
    write(options, results, growth)


def write(options, results, growth):
    options.output.mkdir(exist_ok=True)
    facts = {"machine": machine.describe(), "results": results, "growth": growth}
    (options.output / "scale.json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False, default=str) + "\n")
    rows = [[
        row["work"], format(row["rows"], ",d"),
        number(row["seconds"]) or f"> {options.limit:.0f}", number(row["goal"], "g"), number(row["megabytes"], ".0f"),
        row["peer"] or "", number(row["peer_seconds"]),
        number(row["peer_seconds"] / row["seconds"], ".1f") if row["peer_seconds"] and row["seconds"] else "",
        number(row["error"], ".4f"), number(row["peer_error"], ".4f")] for row in results]
    text = ["# Whole commands as the number of rows grows", "",
            f"`python3 Benchmarks/scale.py --rounds {options.rounds}`; medians of whole processes.", "",
            tables.markdown(
                ["command", "rows", "seconds", "to reach", "MB", "peer", "its seconds", "peer/ours", "error",
                 "peer's error"], rows), "## Growth", "",
            tables.markdown(
                ["command", "rows", "seconds", "µs a row", "MB"],
                [[row["work"], format(row["rows"], ",d"), number(row["seconds"]) or f"> {options.limit:.0f}",
                  number(row["seconds"] and row["seconds"] / row["rows"] * 1e6), number(row["megabytes"], ".0f")]
                 for row in growth])]
    (options.output / "scale.md").write_text("\n".join(text))


if __name__ == "__main__":
    main()
