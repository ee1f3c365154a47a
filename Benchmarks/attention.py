#!/usr/bin/env python3
"""Scaled dot-product attention in single precision, against torch.

    python3 Benchmarks/attention.py [--rounds N] [--threads N] [--scratch-path DIR] [--output DIR]

16,384 queries over as many keys in 64 inputs, normal random numbers, and 8 value columns. torch's
`scaled_dot_product_attention` takes part twice: with its fused kernel, whose values are padded to 64
columns, and with its own 8, where it makes the matrix of scores. Every contestant is a process of
its own that holds the arrays; in each round all have their turn, another first each time, on the same
number of threads. Times run from arrays to an array; the time of processors, of all threads together,
suffers less from what else the machine does. Memory is the most that a process held, less what
it held with its arrays before the first run. Errors are the largest against sums in double precision,
at 512 of the queries. Written are attention.md and attention.json in Benchmarks/Results. The claim is at
least the speed of the faster torch; the exit status is 1 where it fails. Takes two minutes.
"""

import argparse
import datetime
import pathlib
import statistics
import sys
import tempfile

from suite import environment

environment.require("numpy")

import numpy

from suite import contestants, machine, products, quiet, tables

RESULTS = pathlib.Path(__file__).resolve().parent / "Results"
COUNT, DIMENSION, COLUMNS = 16384, 64, 8
CHECKED = 512
OURS = "nadaraya"
TITLES = {
    OURS: "Nadaraya, `FloatAttention`",
    "torch-flash": "torch, fused, values padded to 64",
    "torch-math": "torch, matrix of scores"}
TORCH = "torch==2.13.0+cpu"


def make_arrays():
    random = numpy.random.default_rng(11)
    return tuple(
        random.standard_normal((COUNT, width), dtype=numpy.float32)
        for width in (DIMENSION, DIMENSION, COLUMNS))


def truth(keys, queries, values):
    """Estimates at evenly spaced queries in double precision."""
    queries = queries[:: COUNT // CHECKED].astype(float)
    scores = queries @ keys.T.astype(float) / DIMENSION**0.5
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ values.astype(float) / weights.sum(axis=1, keepdims=True)


def commands(programs, paths, threads):
    arguments = [*map(str, paths), str(threads)]
    yield OURS, [str(programs / "attention-contestant"), *arguments]
    for backend in ("flash", "math"):
        yield f"torch-{backend}", [
            str(environment.interpreter()), "-m", "peers.torch_dot_products", *arguments, backend]


def one_round(running, number):
    """Seconds of the clock and of processors by contestant."""
    # Another begins each time, so that nobody always follows the same one.
    turn = number % len(running)
    return {
        one.name: (one.run(), one.facts["processor_seconds"])
        for one in [*running[turn:], *running[:turn]]}


def measure(programs, folder, options, watch):
    """Seconds by round, errors and memory of each contestant."""
    arrays = make_arrays()
    paths = [folder / f"{name}.npy" for name in ("keys", "queries", "values")]
    for path, array in zip(paths, arrays):
        numpy.save(path, array)
    exact = truth(*arrays)
    running = []
    try:
        for name, command in commands(programs, paths, options.threads):
            running.append(contestants.Contestant(name, command, options.threads, 120))
        one_round(running, 0)
        helpers = [one.process.pid for one in running]
        rounds = [
            watch.undisturbed(lambda number=number: one_round(running, number), helpers)
            for number in range(options.rounds)]
        cells = []
        for one in running:
            path = folder / f"{one.name}.npy"
            one.has_result(path)
            error = numpy.abs(numpy.load(path)[:: COUNT // CHECKED] - exact).max()
            cells.append({
                "name": one.name, "seconds": [round(turn[one.name][0], 6) for turn in rounds],
                "processor_seconds": [round(turn[one.name][1], 6) for turn in rounds],
                "error": float(error),
                "memory_beside_arrays": one.peak_memory() - one.memory_at_start})
    finally:
        for one in running:
            one.close()
    return cells


def quotients(cells):
    """The times of the faster torch over ours in the same rounds."""
    by_name = {cell["name"]: cell["seconds"] for cell in cells}
    theirs = min(
        (seconds for name, seconds in by_name.items() if name != OURS), key=statistics.median)
    return [their / our for their, our in zip(theirs, by_name[OURS])]


def page(facts, cells):
    ratios = quotients(cells)
    rows = [
        [TITLES[cell["name"]], f"{statistics.median(cell['seconds']):.3f}",
         f"{min(cell['seconds']):.3f}", f"{statistics.median(cell['processor_seconds']):.3f}",
         f"{cell['error']:.1e}",
         f"{cell['memory_beside_arrays'] / 2**20:.1f}"]
        for cell in cells]
    settings = facts["settings"]
    header = [
        "contestant", "seconds, median", "least", "of processors, median", "largest error",
        "MiB beside arrays"]
    return "\n".join([
        "# Attention in single precision", "",
        f"`python3 Benchmarks/attention.py`, {facts['date']}, {facts['machine']['processor']}, "
        f"{settings['threads']} threads, {settings['rounds']} rounds; "
        f"{facts['rounds_disturbed']} of them disturbed by other programs.", "",
        f"{COUNT:,} queries over {COUNT:,} keys in {DIMENSION} inputs, {COLUMNS} value columns; "
        f"torch {facts['versions']['torch']}.", "",
        tables.markdown(header, rows),
        f"The faster torch takes {statistics.median(ratios):.2g} times as long "
        f"(rounds: {min(ratios):.2g} to {max(ratios):.2g}).", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--repeats", type=int, default=20,
        help="how many rounds to repeat because other programs disturbed them")
    parser.add_argument("--scratch-path", help="where to build; Benchmarks/.build by default")
    parser.add_argument("--output", type=pathlib.Path, default=RESULTS)
    options = parser.parse_args()
    programs = products.build(options.scratch_path)
    versions = {"torch": environment.installed(TORCH)}
    watch = quiet.Watch(options.repeats, options.threads)
    with tempfile.TemporaryDirectory() as folder:
        cells = measure(programs, pathlib.Path(folder), options, watch)
    facts = {
        "benchmark": "attention",
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe() | {"numpy": numpy.__version__},
        "settings": {"rounds": options.rounds, "threads": options.threads},
        "versions": versions,
        "rounds_repeated": watch.repeated,
        "rounds_disturbed": watch.kept,
    }
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "attention.json").write_text(tables.raw_data(facts, cells))
    (options.output / "attention.md").write_text(page(facts, cells))
    print(options.output / "attention.md")
    if statistics.median(quotients(cells)) < 1:
        sys.exit("error: torch is faster")


if __name__ == "__main__":
    main()
