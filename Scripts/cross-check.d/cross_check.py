"""Compares the tool with its peers: see Scripts/cross-check."""

import csv
import sys
import warnings

import numpy

import peers_nprobust
import peers_r
import peers_smoothers
import peers_statsmodels
from report import Comparison, show
from tool import FIXTURES, Formulas, NotYet, Program


def read(name):
    with open(FIXTURES / f"data/{name}.csv", newline="") as file:
        table = numpy.array(list(csv.reader(file))[1:], dtype=float)
    return table[:, 0], table[:, 1]


def checks(tool):
    """Each peer's checks; a peer that cannot be imported has one that says so."""
    mcycle, cars = read("mcycle"), read("cars")
    for name, gather in (
        ("R", lambda: peers_r.compare(tool, mcycle, cars)),
        ("statsmodels", lambda: peers_statsmodels.statsmodels(tool, *mcycle)),
        ("Stata lpoly", lambda: peers_statsmodels.stata(tool)),
        ("nprobust", lambda: peers_nprobust.nprobust(tool, *mcycle)),
        ("kernelsmooth", lambda: peers_smoothers.kernelsmooth(tool, *mcycle)),
        ("localreg", lambda: peers_smoothers.localreg(tool, *mcycle)),
        ("scikit-fda", lambda: peers_smoothers.scikit_fda(tool)),
        ("scikit-learn", lambda: peers_smoothers.scikit_learn(tool, *mcycle)),
    ):
        try:
            yield from ((name, check) for check in gather())
        except ImportError as problem:
            yield name, lambda problem=problem, name=name: [
                Comparison(name, "import", missing=str(problem))]


def main():
    # Peers foretell changes of their own dependencies; nothing here hangs on that.
    warnings.simplefilter("ignore")
    wanted = sys.argv[1]
    tool = Formulas() if wanted == "--formulas" else Program(wanted)
    found, unknown = [], {}
    for peer, check in checks(tool):
        try:
            found += check()
        except NotYet as problem:
            unknown.setdefault((peer, str(problem)), []).append(check)
    found += [
        Comparison(peer, f"not tried: {len(skipped)}", missing=problem)
        for (peer, problem), skipped in unknown.items()]
    sys.exit(0 if show(found, tool.name) else 1)


if __name__ == "__main__":
    main()
