"""kernelsmooth, localreg, scikit-fda and scikit-learn."""

import sys

import numpy

import formulas
from report import POINTS, Comparison, Evidence, difference


def kernelsmooth(tool, keys, values):
    from kernelsmooth import LocalLinearRegression, NadarayaWatsonRegression, tools

    deviation = numpy.std(keys, ddof=1)

    def fit(regression, degree):
        h = 2.0
        model = regression(bandwidth=h / deviation).fit(keys[:, None], values)
        theirs = numpy.ravel(model.predict(POINTS[:, None]))
        ours = tool.fits(keys, values, POINTS, "gaussian", degree, h)[0]
        return [Comparison(
            "kernelsmooth", f"degree {degree}, bandwidth h/sd", difference(ours, theirs),
            1e-9)]

    def chosen(regression, degree, method, name):
        model = regression(bandwidth=method).fit(keys[:, None], values)
        theirs = float(model.bandwidth[0]) * deviation
        ours = tool.bandwidth(name, keys, values, "gaussian", degree)
        least = [formulas.criterion(name, keys, values, "gaussian", degree, h)
                 for h in (ours, theirs)]
        row = Comparison(
            "kernelsmooth", f"degree {degree}: {name} bandwidth", difference(ours, theirs),
            1e-4, notes=[f"criterion {least[0]:.10g} at {tool.name}'s {ours:.8g}, "
                         f"{least[1]:.10g} at its {theirs:.8g}"])
        whitened = (keys - keys.mean())[:, None] / deviation
        nearest = float(tools.bw_silverman(whitened)[0]) * deviation / numpy.exp(tools.LOG_THRES)
        if ours < nearest:
            row.known = "it looks from a fifth of Silverman's bandwidth on; the optimum is below"
            row.evidence = [Evidence(
                "a fifth of Silverman's bandwidth, against its choice",
                difference(nearest, theirs))]
        return [row]

    pairs = ((NadarayaWatsonRegression, 0), (LocalLinearRegression, 1))
    return [
        *(lambda pair=pair: fit(*pair) for pair in pairs),
        *(lambda pair=pair, method=method: chosen(*pair, *method)
          for pair in pairs for method in (("lscv", "loo"), ("gcv", "gcv"), ("aicc", "aicc")))]


def localreg(tool, keys, values):
    from localreg import localreg as smooth
    from localreg import rbf

    # Two things that numpy no longer does: a name, and an array of one number taken as that number.
    numpy.product = numpy.prod
    module = sys.modules["localreg.localreg"]
    polyfit = module.polyfit
    module.polyfit = lambda *arguments, **options: polyfit(*arguments, **options)[0]

    def line(kernel, degree):
        theirs = smooth(keys, values, POINTS, degree, getattr(rbf, kernel), 9.0)
        ours = tool.fits(keys, values, POINTS, kernel, degree, 9.0)[0]
        return [Comparison(
            "localreg", f"{kernel}, degree {degree}", difference(ours, theirs), 1e-8)]

    def plane(degree):
        random = numpy.random.RandomState(3)
        table, at = random.uniform(0, 4, (80, 2)), random.uniform(0.5, 3.5, (20, 2))
        height = numpy.sin(table[:, 0]) + table[:, 1] ** 2 + random.standard_normal(80) / 5
        theirs = smooth(table, height, at, degree, rbf.epanechnikov, 2.5)
        ours = tool.fits(table, height, at, "epanechnikov", degree, 2.5)[0]
        return [Comparison(
            "localreg", f"two inputs, radial epanechnikov, degree {degree}",
            difference(ours, theirs), 1e-8)]

    return [
        *(lambda kernel=kernel, degree=degree: line(kernel, degree) for degree in range(4)
          for kernel in ("biweight", "triweight", "tricube", "cosine")),
        *(lambda degree=degree: plane(degree) for degree in range(4))]


def scikit_fda(tool):
    # Its hat matrices, which its smoothers hand points and distances to.
    from skfda.misc.hat_matrix import LocalLinearRegressionHatMatrix, NadarayaWatsonHatMatrix

    random = numpy.random.RandomState(5)
    keys = numpy.sort(random.uniform(0, 5, 120))
    values = 2 * numpy.sin(keys) + keys + random.standard_normal(120) / 2
    points = numpy.linspace(0.2, 4.8, 40)

    def fit(matrix, degree):
        weights = matrix(bandwidth=0.4)(
            delta_x=abs(points[:, None] - keys[None, :]), X_train=keys[:, None], X=points[:, None])
        ours = tool.fits(keys, values, points, "gaussian", degree, 0.4)[0]
        return [Comparison("scikit-fda", matrix.__name__, difference(ours, weights @ values))]

    return [
        lambda: fit(NadarayaWatsonHatMatrix, 0), lambda: fit(LocalLinearRegressionHatMatrix, 1)]


def scikit_learn(tool, keys, values):
    """KNeighborsRegressor: K rows as neighbours, of the line and of a lattice."""
    from sklearn.neighbors import KNeighborsRegressor

    lattice = numpy.array([[a, b] for a in range(5) for b in range(4)] * 2, dtype=float)
    sums = numpy.sin(3 * lattice[:, 0]) + lattice[:, 1] + numpy.arange(len(lattice)) / 40
    places = numpy.array([[2, 1], [1.5, 1], [0, 0], [3.25, 2.5], [7, -2]], dtype=float)

    def tricube(distances):
        return numpy.array([(1 - (row / row.max()) ** 3) ** 3 for row in distances])

    def compare(kernel, weights, count, table, y, at, what):
        model = KNeighborsRegressor(count, weights=weights, algorithm="brute").fit(
            formulas.rows(table), y)
        return Comparison(
            "scikit-learn", f"{kernel}, {count} rows as neighbours, {what}",
            difference(tool.neighbors(table, y, at, kernel, count),
                       model.predict(formulas.rows(at))))

    # The boxcar takes all rows that tie with the last: there are none.
    alone = numpy.sqrt(numpy.unique(keys))
    apart = [values[keys == key].mean() for key in numpy.unique(keys)]
    between = alone[:-1] + numpy.diff(alone) / 3
    return [lambda count=count: [
        compare("boxcar", "uniform", count, alone, numpy.array(apart), between, "no ties"),
        compare("tricube", tricube, count, keys, values, POINTS, "mcycle with its ties"),
        compare("tricube", tricube, count, lattice, sums, places, "a lattice twice over"),
    ] for count in (9, 15, 27, 40)]
