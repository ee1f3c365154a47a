#!/usr/bin/env python3
"""The direct engine's pairs of query and key per second, against the same loop in numpy.

    python3 Benchmarks/direct-engine.py [--scratch-path DIR] [--rounds N] [--seconds S]

Both run on one thread over the same keys, queries and one value column, and form Σw and Σwy for
each query. Every round runs `pairs` under each instruction set and then numpy, so that all meet the
same load of the machine; reported are medians over the rounds. Written are direct-engine.md,
direct-engine.json and direct-engine.svg in Benchmarks/Results. The claim is at least 1.2·10⁹
Gaussian pairs a second on one core in one input with AVX-512; the exit status is 1 where the
processor has it and the claim fails. Takes four minutes on a quiet machine; rounds that other
programs disturb are repeated. Installs numpy into Benchmarks/.build-venv if it is not there.
"""

import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

from suite import environment

environment.require("numpy")

import numpy

from peers import numpy_sums
from suite import data, machine, products, quiet, tables

RESULTS = pathlib.Path(__file__).resolve().parent / "Results"
KEYS, QUERIES = 16384, 256
DIMENSIONS = (1, 2, 3, 8)
NUMPY_DIMENSIONS = (1, 3)
CLAIM = 1.2e9
CLAIMED = {"kernel": "gaussian", "dimension": 1, "combination": "product"}


def peer(kernel, dimension):
    """The numpy loop on the data of `Sources/Pairs/Workload.swift`."""
    return numpy_sums.NumpySums(
        kernel,
        data.points(1, KEYS, dimension),
        data.points(2, QUERIES, dimension),
        data.uniform(3, KEYS),
        0.3 * dimension**0.5)


def run_pairs(program, cell, seconds):
    """One repetition under each instruction set."""
    options = [f"--{name}={value}".split("=") for name, value in cell.items()]
    run = subprocess.run(
        [program, *sum(options, []), "--keys", str(KEYS), "--queries", str(QUERIES),
         "--seconds", str(seconds), "--repetitions", "1"],
        check=True, capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def check(sums, measurement):
    """Stops unless numpy's estimates are those of the engine."""
    weights, products = sums
    theirs = (products[weights > 0] / weights[weights > 0]).sum()
    ours = measurement["sum_of_estimates"]
    if abs(theirs - ours) > 1e-11 * abs(ours):
        sys.exit(
            f"error: the sum of estimates of {measurement['kernel']} in {measurement['dimension']}"
            f" inputs is {ours!r} with {measurement['instructions']} but {theirs!r} in numpy")


def measure(program, cell, rounds, seconds, watch):
    """The cell with the rates of every round by contestant."""
    loop = None
    if cell["combination"] == "product" and cell["dimension"] in NUMPY_DIMENSIONS:
        loop = peer(cell["kernel"], cell["dimension"])
        loop.tune(seconds / 2)
        for measurement in run_pairs(program, cell, 0.001):
            check(loop.sums(), measurement)

    def one_round():
        rates = {
            measurement["instructions"]: round(measurement["pairs_per_second"])
            for measurement in run_pairs(program, cell, seconds)}
        return rates | ({"numpy": round(loop.rate(seconds))} if loop else {})

    taken = [watch.undisturbed(one_round) for _ in range(rounds)]
    rates = {name: [rates[name] for rates in taken] for name in taken[0]}
    return cell | {"rates": rates} | ({"numpy_block": loop.block} if loop else {})


def cells():
    for kernel in numpy_sums.KERNELS:
        for combination in ("product", "radial"):
            for dimension in DIMENSIONS:
                if dimension > 1 or combination == "product":
                    yield {
                        "kernel": kernel, "dimension": dimension, "combination": combination}


def median(cell, contestant):
    rates = cell["rates"].get(contestant)
    return statistics.median(rates) if rates else None


def instruction_sets(measured):
    return [name for name in measured[0]["rates"] if name != "numpy"]


def table(measured):
    sets = instruction_sets(measured)
    rows = []
    for cell in measured:
        numbers = [median(cell, name) for name in ["numpy", *sets]]
        best = max(numbers[1:])
        rows.append(
            [cell["kernel"], str(cell["dimension"]), cell["combination"]]
            + ["" if number is None else f"{number / 1e6:,.0f}" for number in numbers]
            + ["" if numbers[0] is None else f"{best / numbers[0]:.1f}"])
    return tables.markdown(
        ["kernel", "inputs", "combination", "numpy", *sets, "best / numpy"], rows)


def claim(measured):
    """The claim's sentence, and whether it holds; None where it cannot be tested."""
    words = "at least 1.2·10⁹ Gaussian pairs a second on one core in one input with AVX-512"
    cell = next(cell for cell in measured if CLAIMED.items() <= cell.items())
    if "avx512" not in cell["rates"]:
        return f"{words}: this processor has no AVX-512, so the claim is not tested.", None
    rates = cell["rates"]["avx512"]
    least, middle, most = (f(rates) / 1e9 for f in (min, statistics.median, max))
    holds = statistics.median(rates) >= CLAIM
    return (
        f"{words}: **{middle:.2f}·10⁹** (median of {len(rates)} rounds, {least:.2f} to {most:.2f})."
        f" The claim {'holds' if holds else 'fails'}."), holds


def spread(measured):
    """Half the range over the median, for every contestant of every cell, in percent."""
    return [
        50 * (max(rates) - min(rates)) / statistics.median(rates)
        for cell in measured for rates in cell["rates"].values()]


def report(facts, measured):
    ratios = [
        max(median(cell, name) for name in instruction_sets(measured)) / median(cell, "numpy")
        for cell in measured if "numpy" in cell["rates"]]
    noise = spread(measured)
    host, settings = facts["machine"], facts["settings"]
    return f"""# Direct engine: pairs per second

Written by `python3 Benchmarks/direct-engine.py`; raw data in
[direct-engine.json](direct-engine.json).

**Claim**: {claim(measured)[0]}

Against the same loop in numpy the fastest instruction set does {min(ratios):.1f} to \
{max(ratios):.1f} times as many (median {statistics.median(ratios):.1f} over {len(ratios)} cases).

![Pairs per second by kernel, number of inputs and instruction set](direct-engine.svg)

| | |
|:--|:--|
| date | {facts["date"]} |
| processor | {host["processor"]}, {host["cores"]} cores, one thread used |
| system | {host["system"]} |
| compilers | {host["swift"]}; {host["clang"]} |
| numpy | {host["numpy"]} on Python {host["python"]}, loops for {host["numpy_instructions"]} |
| keys, queries | {KEYS:,} and {QUERIES}, uniform on [0, 1)ᵈ, one value column, h = 0.3·√d |
| rounds | {settings["rounds"]} of {settings["seconds"]} s, contestants by turns |
| noise (half the range of the rounds) | ± {statistics.median(noise):.1f} % in the median case, \
± {max(noise):.0f} % in the worst |
| rounds that other programs disturbed | {facts["rounds_repeated"]} repeated, \
{facts["rounds_disturbed"]} kept of {settings["rounds"] * len(measured)} |

Millions of pairs a second on one thread, medians:

{table(measured)}"""


def numpy_instructions():
    """The widest x86 level or feature that numpy's loops use here."""
    found = numpy.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return ", ".join(found) or "the baseline"


def figure_rows(measured):
    """Lines `kernel,series,inputs,pairs per second` for `rate-figure`."""
    for cell in measured:
        if cell["combination"] == "product":
            for name in [*instruction_sets(measured)[::-1], "numpy"]:
                if name in cell["rates"]:
                    yield f"{cell['kernel']},{name},{cell['dimension']},{median(cell, name)}"


def write(folder, facts, measured, programs):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "direct-engine.json").write_text(tables.raw_data(facts, measured))
    (folder / "direct-engine.md").write_text(report(facts, measured))
    drawn = subprocess.run(
        [programs / "rate-figure"], check=True, capture_output=True, text=True,
        input="\n".join(figure_rows(measured)))
    (folder / "direct-engine.svg").write_text(drawn.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scratch-path", help="where to build; Benchmarks/.build by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.1, help="the length of a repetition")
    parser.add_argument(
        "--patience", type=int, default=200,
        help="how many rounds to repeat because other programs disturbed them")
    parser.add_argument("--output", type=pathlib.Path, default=RESULTS)
    options = parser.parse_args()

    programs = products.build(options.scratch_path)
    facts = {
        "benchmark": "direct-engine",
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe() | {
            "numpy": numpy.__version__, "numpy_instructions": numpy_instructions()},
        "settings": {
            "keys": KEYS, "queries": QUERIES, "threads": 1, "rounds": options.rounds,
            "seconds": options.seconds},
        "unit": "pairs per second",
    }
    watch = quiet.Watch(options.patience)
    measured = []
    for cell in cells():
        measured.append(
            measure(programs / "pairs", cell, options.rounds, options.seconds, watch))
        print(json.dumps(measured[-1]), file=sys.stderr)
    facts["rounds_repeated"], facts["rounds_disturbed"] = watch.repeated, watch.kept
    write(options.output, facts, measured, programs)
    sentence, holds = claim(measured)
    print(sentence)
    sys.exit(1 if holds is False else 0)


if __name__ == "__main__":
    main()
