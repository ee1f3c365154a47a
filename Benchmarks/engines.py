#!/usr/bin/env python3
"""The engines against the peers: time, error and memory, case by case.

    python3 Benchmarks/engines.py [--quick] [--cases NAME,…] [--peers NAME,…] [--rounds N]
        [--threads N] [--engine NAME] [--patience S] [--scratch-path DIR] [--output DIR]

Every contestant is a process of its own that holds the data in memory; in each round all have
their turn, one at a time, with the same number of threads. Times run from arrays to estimates, plan
included. Written are engines.md, engines.json and engines.svg in Benchmarks/Results. Peers are
installed into Benchmarks/.build-venv; one that cannot be installed, or does not run, is listed with
the reason. Data and references are made once and kept in Benchmarks/.build-data.

A full run takes half an hour, with `--rounds 3` a third of it. A contestant that does not answer
within --patience seconds is stopped, as an engine is that has to visit every pair of 10⁶ by 10⁶. `--quick` takes 10·√n points in place of n,
and three minutes. `--list` names the cases and the peers.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

from suite import environment

environment.require("numpy")

import numpy

from suite import cases, contestants, engines_report, machine, problems, products, quiet, reference

RESULTS = pathlib.Path(__file__).resolve().parent / "Results"
OURS = "nadaraya"


def commands(case, names, programs, options):
    """How each contestant of a case is started."""
    paths = problems.files(case)
    ours = contestants.problem_options(case, paths, options.threads, case.accuracy)
    theirs = contestants.problem_options(case, paths, options.threads, case.peer_accuracy)
    yield OURS, [str(programs / "contestant"), *ours, "--engine", options.engine]
    for name in names:
        yield name, contestants.command(name) + theirs


def start(case, names, programs, options, absent):
    """The contestants that hold their data; the others' reasons go to `absent`."""
    running = []
    for name, command in commands(case, names, programs, options):
        try:
            running.append(
                contestants.Contestant(name, command, options.threads, options.patience))
        except contestants.Absent as reason:
            absent[name] = str(reason)
    return running


def take_turns(running, options, absent, watch):
    """Seconds of every round by contestant; one that fails leaves the contest."""

    def one_round(number):
        seconds = {}
        # Another begins each time, so that nobody always follows the same one.
        turn = number % len(running)
        for contestant in [*running[turn:], *running[:turn]]:
            try:
                seconds[contestant.name] = contestant.run()
            except contestants.Absent as reason:
                absent[contestant.name] = str(reason)
        for contestant in [one for one in running if one.name in absent]:
            running.remove(contestant)
            contestant.close()
        return seconds

    one_round(0)
    rounds = []
    for number in range(options.rounds):
        if running:
            helpers = [contestant.process.pid for contestant in running]
            rounds.append(watch.undisturbed(lambda: one_round(number), helpers))
    return {
        contestant.name: [seconds[contestant.name] for seconds in rounds]
        for contestant in running}


def result(contestant, case, folder):
    """What a contestant's estimates are worth, what it took, and how it says it worked."""
    path = folder / f"{contestant.name}.npy"
    facts = {
        "peak_memory": contestant.peak_memory(), "memory_at_start": contestant.memory_at_start}
    if contestant.has_result(path):
        facts |= reference.compare(numpy.load(path), case)
    return facts | {
        name: fact for name, fact in contestant.facts.items() if name != "seconds"}


def measure(case, names, programs, options, watch, missing):
    """The case with every contestant's times and results, and why others are absent."""
    print(f"{case.name}: {case.size} keys and queries", file=sys.stderr)
    absent = {name: missing[name] for name in case.peers if name in missing}
    running = start(
        case, [name for name in names if name in case.peers], programs, options, absent)
    try:
        seconds = take_turns(running, options, absent, watch)
        with tempfile.TemporaryDirectory() as folder:
            results = {
                contestant.name: result(contestant, case, pathlib.Path(folder))
                for contestant in running}
    finally:
        for contestant in running:
            contestant.close()
    cell = {
        "name": case.name, "group": case.group, "title": case.title, "size": case.size,
        "dimension": case.dimension, "kernel": case.kernel, "combination": case.combination,
        "bandwidth": case.bandwidth, "absent": absent,
        "contestants": {
            name: {"seconds": [round(s, 6) for s in seconds[name]]} | results[name]
            for name in results}}
    print(json.dumps(cell), file=sys.stderr)
    return cell


def write(folder, facts, cells, programs):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "engines.json").write_text(engines_report.raw_data(facts, cells))
    (folder / "engines.md").write_text(engines_report.page(facts, cells))
    rows = "\n".join(engines_report.figure_rows(cells))
    drawn = subprocess.run(
        [programs / "ratio-figure"], check=True, capture_output=True, text=True, input=rows)
    (folder / "engines.svg").write_text(drawn.stdout)


def names_among(known):
    """Reads NAME,NAME,… where all have to be known."""

    def read(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"there is no {name!r}; there are {', '.join(known)}")
        return names
    return read


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--cases", type=names_among(cases.ALL), default=list(cases.ALL), metavar="NAME,…")
    parser.add_argument(
        "--peers", type=names_among(contestants.PEERS), default=list(contestants.PEERS),
        metavar="NAME,…")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="10·√n points in place of n")
    parser.add_argument("--engine", default="auto", help="which of our engines; auto by default")
    parser.add_argument(
        "--patience", type=float, default=120,
        help="seconds after which a contestant that does not answer is stopped")
    parser.add_argument(
        "--repeats", type=int, default=40,
        help="how many rounds to repeat because other programs disturbed them")
    parser.add_argument("--scratch-path", help="where to build; Benchmarks/.build by default")
    parser.add_argument("--output", type=pathlib.Path, default=RESULTS)
    parser.add_argument("--list", action="store_true", help="names the cases and the peers")
    return parser.parse_args()


def main():
    options = read_options()
    if options.list:
        print("cases:", *cases.ALL, "peers:", *contestants.PEERS, sep="\n  ")
        return
    programs = products.build(options.scratch_path)
    chosen = [case for name, case in cases.ALL.items() if name in options.cases]
    if options.quick:
        chosen = [cases.quick(case) for case in chosen]
    needed = {name for case in chosen for name in case.peers}
    versions, missing = contestants.install([name for name in options.peers if name in needed])
    watch = quiet.Watch(options.repeats, options.threads)
    cells = [
        measure(
            case, [name for name in options.peers if name not in missing], programs, options, watch,
            missing)
        for case in chosen]
    facts = {
        "benchmark": "engines",
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe() | {"numpy": numpy.__version__},
        "settings": {
            "rounds": options.rounds, "threads": options.threads, "quick": options.quick,
            "engine": options.engine, "patience": options.patience},
        "versions": versions,
        "absent": missing,
        "rounds_repeated": watch.repeated,
        "rounds_disturbed": watch.kept,
    }
    write(options.output, facts, cells, programs)
    print(options.output / "engines.md")


if __name__ == "__main__":
    main()
