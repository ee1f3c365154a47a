"""Local polynomials by their definition, in float64: the evidence, and a stand-in for the tool."""

import math
from itertools import combinations_with_replacement

import numpy

PROFILES = {
    "gaussian": lambda u: numpy.exp(-u * u / 2),
    "boxcar": lambda u: numpy.where(abs(u) < 1, 1.0, 0),
    "triangular": lambda u: numpy.where(abs(u) < 1, 1 - abs(u), 0),
    "epanechnikov": lambda u: numpy.where(abs(u) < 1, 1 - u * u, 0),
    "biweight": lambda u: numpy.where(abs(u) < 1, (1 - u * u) ** 2, 0),
    "triweight": lambda u: numpy.where(abs(u) < 1, (1 - u * u) ** 3, 0),
    "tricube": lambda u: numpy.where(abs(u) < 1, (1 - abs(u) ** 3) ** 3, 0),
    "cosine": lambda u: numpy.where(abs(u) < 1, numpy.cos(numpy.pi * u / 2), 0),
    "logistic": lambda u: 4 / (numpy.exp(u) + 2 + numpy.exp(-u)),
}


def rows(table):
    table = numpy.asarray(table, dtype=float)
    return table[:, None] if table.ndim == 1 else table


def solve(keys, values, query, kernel, degree, bandwidth, weights=None, profile=None):
    """The coefficients, their rows of the smoother, in units of the keys; None without support."""
    u = (rows(keys) - query) / bandwidth
    similarity = (profile or PROFILES[kernel])(numpy.sqrt((u * u).sum(1)))
    w = similarity if weights is None else similarity * weights
    used = w > 0
    if not used.any():
        return None
    monomials = [
        inputs for total in range(degree + 1)
        for inputs in combinations_with_replacement(range(u.shape[1]), total)]
    design = numpy.stack([u[used][:, list(inputs)].prod(1) for inputs in monomials], 1)
    root = numpy.sqrt(w[used] / w.max())
    inverse = numpy.linalg.pinv(root[:, None] * design, rcond=1e-14)
    smoother = numpy.zeros((len(monomials), len(w)))
    smoother[:, used] = inverse * root
    widths = numpy.broadcast_to(bandwidth, u.shape[1])
    scale = numpy.array([widths[list(inputs)].prod() for inputs in monomials])
    return smoother / scale[:, None]


def fits(keys, values, queries, kernel, degree, bandwidth, **options):
    """Fits and, where degree > 0, gradients."""
    found, slopes = [], []
    for query in rows(queries):
        smoother = solve(keys, values, query, kernel, degree, bandwidth, **options)
        found.append(math.nan if smoother is None else smoother[0] @ values)
        if degree:
            slopes.append(math.nan if smoother is None else smoother[1] @ values)
    return numpy.array(found), numpy.array(slopes)


def neighbors(keys, values, queries, kernel, count):
    """Means under a radial kernel as wide as the distance to the count-th nearest row.

    The boxcar takes the rows at that distance too.
    """
    found = []
    for query in rows(queries):
        distances = numpy.sqrt(((rows(keys) - query) ** 2).sum(1))
        width = numpy.sort(distances)[count - 1]
        if kernel == "boxcar":
            width = numpy.nextafter(width, numpy.inf)
        w = PROFILES[kernel](distances / width)
        found.append((w @ values) / w.sum())
    return numpy.array(found)


def hat_matrix(keys, kernel, degree, bandwidth):
    return numpy.array([
        solve(keys, keys, key, kernel, degree, bandwidth)[0] for key in rows(keys)])


def criterion(method, keys, values, kernel, degree, bandwidth):
    hat = hat_matrix(keys, kernel, degree, bandwidth)
    own, n, errors = numpy.diag(hat), len(values), values - hat @ values
    if method == "loo":
        return ((errors / (1 - own)) ** 2).mean()
    share = own.sum() / n
    if method == "gcv":
        return (errors**2).mean() / (1 - share) ** 2
    return numpy.log((errors**2).mean()) + (1 + share) / (1 - share - 2 / n)


def binned(keys, values, size):
    """Linear bins as KernSmooth makes them: places, counts and means of values."""
    low, high = keys.min(), keys.max()
    place = (keys - low) / ((high - low) / (size - 1))
    left = numpy.minimum(place.astype(int), size - 2)
    share = numpy.where(keys == high, 1, place - left)
    counts, sums = numpy.zeros(size), numpy.zeros(size)
    for part, at in ((1 - share, left), (share, left + 1)):
        numpy.add.at(counts, at, part)
        numpy.add.at(sums, at, part * values)
    used = counts > 0
    return numpy.linspace(low, high, size)[used], counts[used], sums[used] / counts[used]


def cut_gaussian(reach):
    """A Gaussian that is 0 beyond `reach` bandwidths."""
    return lambda u: numpy.where(abs(u) <= reach, numpy.exp(-u * u / 2), 0)
