"""nprobust: local polynomials and robust bias-corrected errors."""

import numpy

from report import POINTS, Comparison, difference

NORMAL_QUANTILE = 1.959963984540054  # at 0.975


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
        ours = tool.intervals(keys, values, POINTS, "gaussian", degree, 3.0)
        off = {}
        for kind in ("hc0", "hc3", "nn"):
            found = estimates("gaussian", degree, kind)
            half = NORMAL_QUANTILE * found[:, 7]
            theirs = (found[:, 7], found[:, 5] - half, found[:, 5] + half)
            off[kind] = max(difference(a, b) for a, b in zip(ours, theirs))
        best = min(off, key=off.get)
        return [Comparison(
            "nprobust", f"robust error and interval, degree {degree}", off[best], 1e-8,
            notes=["by variance estimator: " + ", ".join(
                f"{kind} {number:.1e}" for kind, number in off.items())])]

    return [
        *(lambda kernel=kernel: fit(kernel) for kernel in names), correction,
        *(lambda degree=degree: intervals(degree) for degree in (0, 1))]
