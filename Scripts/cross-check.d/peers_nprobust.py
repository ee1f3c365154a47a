"""nprobust: local polynomials and robust bias-corrected errors."""

import numpy

import formulas
from report import POINTS, Comparison, Evidence, difference


def carried_error(keys, values, point, degree, h):
    """hc0 of the polynomial at a point, carried to all rows."""
    coefficients = formulas.solve(keys, values, [point], "gaussian", degree, h)
    fit = numpy.vander(keys - point, degree + 1, increasing=True) @ (coefficients @ values)
    return numpy.sqrt(coefficients[0] ** 2 @ (values - fit) ** 2)


def own_intervals(keys, values, degree, h):
    """Standard errors and ends at 0.95 from each row's own residual over 1 − H, and Student's t."""
    from scipy.stats import t

    hat = formulas.hat_matrix(keys, "gaussian", degree, h)
    variances = (values - hat @ values) ** 2 / (1 - numpy.diag(hat))
    rows = numpy.array([
        formulas.solve(keys, values, [point], "gaussian", degree, h)[0] for point in POINTS])
    errors = numpy.sqrt(rows**2 @ variances)
    half = t.ppf(0.975, (rows**2).sum(1) ** 2 / (rows**4).sum(1)) * errors
    return errors, rows @ values - half, rows @ values + half


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
                Evidence(f"HC2 and Student's quantile by definition, against {tool.name}",
                         max(difference(a, b) for a, b in zip(ours, defined)))])]

    return [
        *(lambda kernel=kernel: fit(kernel) for kernel in names), correction,
        *(lambda degree=degree: intervals(degree) for degree in (0, 1))]
