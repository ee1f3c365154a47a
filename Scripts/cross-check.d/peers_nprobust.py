"""nprobust: local polynomials and robust bias-corrected errors."""

import numpy

import formulas
from report import POINTS, Comparison, Evidence, difference


def carried_error(keys, values, point, degree, h):
    """hc0 of the polynomial at a point, carried to all rows."""
    coefficients = formulas.solve(keys, values, [point], "gaussian", degree, h)
    fit = numpy.vander(keys - point, degree + 1, increasing=True) @ (coefficients @ values)
    return numpy.sqrt(coefficients[0] ** 2 @ (values - fit) ** 2)


def hidden_variances(keys, residuals, hat, h):
    """For each row e²/(1 − H), the share of the noise that it shows, and the variance of the rows around."""
    leverages = numpy.diag(hat)
    own = residuals**2 / (1 - leverages)
    exact = 1 - 2 * leverages + (hat**2).sum(1)
    is_high = leverages > 0.125
    seen = numpy.where(is_high, exact / (1 - leverages), 1)
    single = numpy.where(is_high, residuals**2 / exact, own)
    around, freedoms = numpy.zeros(len(keys)), numpy.full(len(keys), numpy.inf)
    for row in numpy.flatnonzero(is_high):
        width = h
        while True:
            weights = numpy.exp(-(((keys - keys[row]) / width) ** 2) / 2)
            size = weights.sum() ** 2 / (weights**2).sum()
            if size >= 20 or width >= numpy.ptp(keys):
                break
            width *= 2
        around[row], freedoms[row] = weights @ single / weights.sum(), size / 2
    return own, seen, around, freedoms


def own_intervals(keys, values, degree, h):
    """Standard errors and ends at 0.95: each row's own residual over 1 − H, what leverage hides from
    that, the bias that the next degree shows, and Student's t."""
    from scipy.stats import t

    def rows_of(degree):
        return numpy.array([
            formulas.solve(keys, values, [point], "gaussian", degree, h)[0] for point in POINTS])

    hat = formulas.hat_matrix(keys, "gaussian", degree, h)
    own, seen, around, freedoms = hidden_variances(keys, values - hat @ values, hat, h)
    rows = rows_of(degree)
    whole = own + (1 - seen) * around
    hidden = rows**2 * (1 - seen)
    freedom = (rows**2).sum(1) ** 2 / (
        (rows**4 * seen**2).sum(1) + hidden.sum(1) * (hidden / freedoms).sum(1))
    step = rows_of(degree + 1) - rows
    bias = numpy.maximum((step @ values) ** 2 - step**2 @ whole, 0) if degree == 2 else 0
    half = t.ppf(0.975, freedom) * numpy.sqrt(rows**2 @ whole + bias)
    return numpy.sqrt(rows**2 @ own), rows @ values - half, rows @ values + half


def nprobust(tool, keys, values):
    from nprobust import lprobust

    names = {"gaussian": ("gau", 3.0), "epanechnikov": ("epa", 9.0), "triangular": ("tri", 9.0)}

    def estimates(kernel, degree, kind="hc0"):
        name, h = names[kernel]
        return numpy.array([
            lprobust(values, keys, eval=[point], p=degree, h=h, b=h, kernel=name, vce=kind,
                     bwcheck=None).Estimate[0] for point in POINTS])

    def fit(kernel):
        rows = []
        for degree in range(4):
            ours = tool.fits(keys, values, POINTS, kernel, degree, names[kernel][1])[0]
            rows.append(Comparison(
                "nprobust", f"{kernel}, degree {degree}",
                difference(ours, estimates(kernel, degree)[:, 4]), 1e-9,
                notes=["kernels and bandwidths are on our scale; bwcheck=None, else h grows"]
                if degree == 0 else []))
        return rows

    def correction():
        found = estimates("gaussian", 1)
        ours = tool.fits(keys, values, POINTS, "gaussian", 2, 3.0)[0]
        return [Comparison(
            "nprobust", "bias-corrected, degree 1, b = h: the fit of degree 2",
            difference(ours, found[:, 5]), 1e-9)]

    def intervals(degree):
        # What takes off the bias: the next degree there, an even one here.
        theirs_of, ours_of = degree + 1, degree + (2 if degree % 2 == 0 else 1)
        ours = tool.intervals(keys, values, POINTS, "gaussian", degree, 3.0)
        theirs = estimates("gaussian", degree)[:, 7]
        carried = numpy.array([
            carried_error(keys, values, point, theirs_of, 3.0) for point in POINTS])
        defined = own_intervals(keys, values, ours_of, 3.0)
        return [Comparison(
            "nprobust", f"robust error, degree {degree}", difference(ours[0], theirs),
            known=f"residuals of the query's own fit of degree {theirs_of}; ours, of degree {ours_of}, "
                  "of each row's, HC2",
            evidence=[
                Evidence("those residuals, against nprobust", difference(carried, theirs)),
                Evidence(f"HC2, what it hides and Student's quantile by definition, against {tool.name}",
                         max(difference(a, b) for a, b in zip(ours, defined)))])]

    return [
        *(lambda kernel=kernel: fit(kernel) for kernel in names), correction,
        *(lambda degree=degree: intervals(degree) for degree in (0, 1))]
