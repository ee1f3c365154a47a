"""statsmodels' KernelReg, and Stata's lpoly from statsmodels' own tests."""

import csv
from pathlib import Path

import numpy

import formulas
from report import POINTS, Comparison, Evidence, difference


def statsmodels(tool, keys, values):
    from statsmodels.nonparametric.kernel_regression import KernelReg

    def model(kind, bandwidth, kernel="gaussian"):
        return KernelReg(values, keys, "c", kind, bw=numpy.array([bandwidth]), ckertype=kernel)

    def fit(kind, degree):
        mean, slope = model(kind, 2.0).fit(POINTS)
        ours = tool.fits(keys, values, POINTS, "gaussian", degree, 2.0)
        rows = [Comparison("statsmodels", f"{kind}: fit", difference(ours[0], mean))]
        if degree:
            rows.append(Comparison(
                "statsmodels", f"{kind}: gradient", difference(ours[1], slope[:, 0])))
        return rows

    def leave_one_out(kind, degree):
        found = model(kind, 2.0)
        theirs = float(numpy.squeeze(found.cv_loo(numpy.array([2.0]), found.est[kind])))
        ours = tool.criterion("loo", keys, values, "gaussian", degree, 2.0)
        return [Comparison("statsmodels", f"{kind}: leave-one-out", difference(ours, theirs))]

    def corrected(kind, degree):
        theirs = float(numpy.squeeze(model(kind, 2.0).aic_hurvich(numpy.array([2.0]))))
        ours = tool.criterion("aicc", keys, values, "gaussian", degree, 2.0)
        row = Comparison("statsmodels", f"{kind}: AICc", difference(ours, theirs))
        if degree:
            traces = [
                numpy.trace(formulas.hat_matrix(keys, "gaussian", p, 2.0)) for p in (0, degree)]
            n, mean = len(keys), model(kind, 2.0).fit(keys)[0]
            share = traces[0] / n
            mixed = numpy.log(((values - mean) ** 2).mean()) + (1 + share) / (1 - share - 2 / n)
            row.known = (f"its trace is that of degree 0, {traces[0]:.6f}; the smoother in use "
                         f"has {traces[1]:.6f}")
            row.evidence = [Evidence(
                "errors of degree 1 with the trace of degree 0, against statsmodels",
                difference(mixed, theirs))]
        return [row]

    def collinear(name, second, bandwidths):
        """An input that does not vary, or follows from the other: `ll` has the value at once."""
        first = numpy.arange(11.0)
        table = numpy.stack([first, second(first)], 1)
        places = numpy.array([0, 2.5, 6.25, 10, 12])
        points = numpy.stack([places, second(places)], 1)
        noisy = 3 * first + 1 + numpy.sin(7 * first)
        fitted = KernelReg(
            noisy, table, "cc", "ll", bw=numpy.array(bandwidths), ckertype="gaussian")
        ours = tool.fits(table, noisy, points, "gaussian", 1, bandwidths)[0]
        return [Comparison(
            "statsmodels", f"ll: {name}", difference(ours, fitted.fit(points)[0]))]

    def tricube():
        theirs = model("lc", 5.0, "tricube").fit(POINTS)[0]
        ours = tool.fits(keys, values, POINTS, "tricube", 0, 5.0)[0]
        inside_out = formulas.fits(
            keys, values, POINTS, "tricube", 0, 5.0,
            profile=lambda u: (1 - numpy.where(u > 1, 0, u) ** 3) ** 3)[0]
        return [Comparison(
            "statsmodels", "lc: tricube", difference(ours, theirs),
            known="outside the window it takes u = 0: keys far away weigh as much as one at hand",
            evidence=[Evidence("definition with K(u) = K(0) for |u| > 1, against statsmodels",
                               difference(inside_out, theirs))])]

    return [
        *(lambda kind=kind, degree=degree, check=check: check(kind, degree)
          for check in (fit, leave_one_out, corrected) for kind, degree in (("lc", 0), ("ll", 1))),
        *(lambda name=name, second=second, bandwidths=bandwidths: collinear(
            name, second, bandwidths)
          for name, second, bandwidths in (
              ("an input that does not vary", lambda x: 0 * x + 5, [2.0, 1.0]),
              ("an input that is twice the other", lambda x: 2 * x, [2.0, 4.0]),
              ("a rounded multiple", lambda x: 0.3 * x, [2.0, 0.6]))),
        tricube]


def stata(tool):
    """Stata's lpoly on its ship data, degree 0, as float32, from statsmodels' own tests."""
    import statsmodels

    path = Path(statsmodels.__file__).parent / (
        "nonparametric/tests/results/results_kernel_regression.csv")
    with open(path, newline="") as file:
        table = list(csv.DictReader(file))
    used = [row for row in table if row["lnservice"]]
    keys = numpy.array([float(row["lnservice"]) for row in used])
    values = numpy.array([float(row["accident"]) for row in used])
    rows = [row for row in table if row["x_epa"]]
    points = numpy.array([float(row["x_epa"]) for row in rows])

    def compare(column, kernel, bandwidth):
        ours = tool.fits(keys, values, points, kernel, 0, bandwidth)[0]
        theirs = numpy.array([float(row[column] or "nan") for row in rows])
        both = ~numpy.isnan(ours) & ~numpy.isnan(theirs)
        return difference(ours[both], theirs[both])

    def epanechnikov():
        return [Comparison(
            "Stata lpoly", "epanechnikov, h = 1", compare("s_epa", "epanechnikov", 1.0), 5e-6,
            known="its support is √5 bandwidths, as R np's; its epan2 has ours, 1",
            evidence=[
                Evidence("epanechnikov with h = √5, against it",
                         compare("s_epa", "epanechnikov", 5**0.5), 5e-6),
                Evidence("epanechnikov with h = 1, against its epan2",
                         compare("s_epan2", "epanechnikov", 1.0), 5e-6)])]

    return [epanechnikov, *(
        lambda column=column, kernel=kernel: [Comparison(
            "Stata lpoly", f"{kernel}, h = 1", compare(column, kernel, 1.0), 5e-6)]
        for column, kernel in (
            ("s_gau", "gaussian"), ("s_bi", "biweight"), ("s_tri", "triangular")))]
