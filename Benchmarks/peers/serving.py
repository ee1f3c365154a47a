"""A peer's side of a contest: a process that holds the data and computes when told to.

    python -m peers.NAME --keys FILE --queries FILE --values FILE --kernel NAME
        --combination product|radial --bandwidths H[,H…] --threads N [--accuracy E] [peer's own]

The data are .npy files of doubles, keys of shape [n, d], queries [m, d], values [n]. Once they are
in memory the process says so on standard output, one JSON object a line, and then answers each line
of standard input:

    run           computes all estimates anew: {"seconds": s}
    result FILE   writes the estimates of the last run, shape [m]: {"written": true}, or false where
                  the contestant computes none

A contestant that cannot serve the problem says {"error": "why"} and ends. Everything else that
libraries print goes to standard error. Time runs from the arrays above to the array of estimates:
whatever a library wants done to them first is part of its work.
"""

import argparse
import dataclasses
import json
import os
import sys
import time

import numpy


class Unable(Exception):
    """Why a contestant cannot serve the problem, in one sentence."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """keys: [n, d]; queries: [m, d]; values: [n]; bandwidths: [d]."""

    keys: numpy.ndarray
    queries: numpy.ndarray
    values: numpy.ndarray
    kernel: str
    combination: str
    bandwidths: numpy.ndarray
    threads: int
    accuracy: float

    @property
    def dimension(self):
        return self.keys.shape[1]

    def require(self, kernels=None, dimensions=None, combination=None):
        """Raises `Unable` unless the problem is of a kind that the contestant knows."""
        if kernels is not None and self.kernel not in kernels:
            raise Unable(f"it has no {self.kernel} kernel")
        if dimensions is not None and self.dimension not in dimensions:
            raise Unable(f"it does not work in {self.dimension} inputs")
        # One input has nothing to combine, and the Gaussian is the same both ways.
        is_either = self.dimension == 1 or self.kernel == "gaussian"
        if combination is not None and not is_either and self.combination != combination:
            raise Unable(f"its kernels are {combination} ones only")


def serve(prepare, add_options=lambda parser: None):
    """Answers standard input until it ends.

    prepare: given the problem and the options, returns what computes the estimates, with one
    argument, the problem. It may try out settings; its time does not count.
    """
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(**fields):
        print(json.dumps(fields), file=replies, flush=True)

    parser = argparse.ArgumentParser()
    for name in ("keys", "queries", "values", "kernel", "combination", "bandwidths"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--accuracy", type=float, default=1e-15)
    add_options(parser)
    options = parser.parse_args()
    try:
        problem = read(options)
        compute = prepare(problem, options)
    except Unable as reason:
        reply(error=str(reason))
        return
    reply(ready=True)

    estimates = None
    for line in sys.stdin:
        command, _, path = line.strip().partition(" ")
        if command == "run":
            estimates = None
            start = time.perf_counter()
            estimates = compute(problem)
            reply(seconds=time.perf_counter() - start)
        elif command == "result":
            if estimates is not None:
                numpy.save(path, numpy.ascontiguousarray(estimates, dtype=numpy.float64))
            reply(written=estimates is not None)


def read(options):
    keys = numpy.load(options.keys)
    bandwidths = numpy.array([float(h) for h in options.bandwidths.split(",")])
    return Problem(
        keys=keys, queries=numpy.load(options.queries), values=numpy.load(options.values),
        kernel=options.kernel, combination=options.combination,
        bandwidths=numpy.broadcast_to(bandwidths, keys.shape[1:]), threads=options.threads,
        accuracy=options.accuracy)


def fastest(candidates, problem):
    """The candidate that computes fastest, each tried once, and up to thrice where it is quick."""
    if len(candidates) == 1:
        return candidates[0]
    candidates[0](problem)

    def least_seconds(candidate):
        taken = []
        while len(taken) < 3 and sum(taken) < 1:
            start = time.perf_counter()
            candidate(problem)
            taken.append(time.perf_counter() - start)
        return min(taken)
    return min(candidates, key=least_seconds)
