"""R: locpoly and dpill of KernSmooth, ksmooth and loess of stats."""

import json
import subprocess
from pathlib import Path

import numpy

import formulas
import plug_in
from report import Comparison, Evidence, difference

HERE = Path(__file__).parent
DATA = HERE.parents[0] / "fixtures/data"
BANDWIDTH = 2.0


def answers():
    try:
        done = subprocess.run(
            ["Rscript", HERE / "peers.R", DATA / "mcycle.csv", DATA / "cars.csv", str(BANDWIDTH)],
            capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        detail = getattr(problem, "stderr", "") or str(problem)
        return None, detail.strip().splitlines()[-1]
    return json.loads(done.stdout), ""


def locpoly(tool, keys, values, smooth):
    size, degree = smooth["size"], smooth["degree"]
    places, counts, means = formulas.binned(keys, values, size)
    grid = numpy.linspace(keys.min(), keys.max(), size)
    step = grid[1] - grid[0]
    reach = (numpy.floor(4 * BANDWIDTH / step) + 0.5) * step / BANDWIDTH
    # Every 20th place is enough.
    some = slice(None, None, (size - 1) // 20)
    ours = tool.fits(keys, values, grid[some], "gaussian", degree, BANDWIDTH)
    same = formulas.fits(
        places, means, grid[some], "gaussian", degree, BANDWIDTH, weights=counts,
        profile=formulas.cut_gaussian(reach))
    rows = []
    for part, name in enumerate(["fit", "gradient"][:1 + (degree > 0)]):
        theirs = numpy.array(smooth[name], dtype=float)[some]
        rows.append(Comparison(
            "KernSmooth locpoly", f"{name}, degree {degree}, {size} bins",
            difference(ours[part], theirs),
            known=f"it puts keys in bins of {step / BANDWIDTH:.2g} bandwidths "
                  "and cuts the Gaussian at 4",
            evidence=[Evidence(
                "definition on those bins with that cut, against locpoly",
                difference(same[part], theirs), 1e-8)]))
    return rows


def compare(tool, mcycle, cars):
    found, problem = answers()
    if found is None:
        return [lambda: [Comparison("R", "KernSmooth, ksmooth", missing=problem)]]
    keys, values = mcycle
    points = numpy.array(found["points"])

    def normal():
        theirs = found["normal"]
        ours = tool.fits(keys, values, points, "gaussian", 0, BANDWIDTH)[0]
        cut = formulas.fits(
            keys, values, points, "gaussian", 0, BANDWIDTH, profile=formulas.cut_gaussian(4))[0]
        return [Comparison(
            "R ksmooth", "normal, degree 0", difference(ours, theirs),
            known="its bandwidth is σ/0.3706506, and it cuts the Gaussian at 4σ",
            evidence=[Evidence("definition with that cut, against ksmooth",
                               difference(cut, theirs), 1e-9)])]

    def box():
        ours = tool.fits(keys, values, points, "boxcar", 0, 3.05)[0]
        return [Comparison("R ksmooth", "box of width 2h, no key on an edge",
                           difference(ours, found["box"]))]

    def edges():
        ours = tool.fits(*cars, found["speeds"], "boxcar", 0, 2.0)[0]
        closed = formulas.fits(
            *cars, found["speeds"], "boxcar", 0, 2.0,
            profile=lambda u: numpy.where(abs(u) <= 1, 1.0, 0))[0]
        return [Comparison(
            "R ksmooth", "box, keys on the edge", difference(ours, found["edges"]),
            known="its window is closed: a key exactly on the edge has weight 1, ours 0",
            evidence=[Evidence("definition with |u| ≤ 1, against ksmooth",
                               difference(closed, found["edges"]))])]

    def dpill():
        theirs = found["dpill"]
        ours = tool.bandwidth("plug-in", keys, values, "gaussian", 1)
        kept = plug_in.trimmed(keys, values)
        exact = plug_in.exact(*kept)["bandwidth"]
        return [Comparison(
            "KernSmooth dpill", "plug-in bandwidth", difference(ours, theirs), 1e-8,
            known=f"dpill {theirs:.8g} on 401 bins, {found['dpill_finer']:.8g} on 4001, "
                  f"{exact:.8g} without",
            evidence=[
                Evidence("its steps on 401 bins, against dpill",
                         difference(plug_in.binned(*kept)["bandwidth"], theirs), 1e-6),
                # A bandwidth is reported to seven digits.
                Evidence(f"its steps without bins, against {tool.name}", difference(ours, exact),
                         5e-7)])]

    def loess():
        lattice = numpy.array([[row["a"], row["b"]] for row in found["lattice"]], dtype=float)
        sums = numpy.array([row["y"] for row in found["lattice"]])
        places = numpy.array([[row["a"], row["b"]] for row in found["places"]], dtype=float)
        return [
            Comparison(
                "R loess", f"{count} rows as neighbours, {what}",
                difference(tool.neighbors(table, y, at, "tricube", count), theirs[index]))
            for index, count in enumerate(found["counts"])
            for what, table, y, at, theirs in (
                ("mcycle with its ties", keys, values, points, found["loess_line"]),
                ("a lattice twice over", lattice, sums, places, found["loess_lattice"]))]

    smooths = [
        (lambda smooth=smooth: locpoly(tool, keys, values, smooth)) for smooth in found["locpoly"]]
    return [*smooths, normal, box, edges, loess, dpill]
