"""Accurate estimates at some of a case's queries, and how far others are from them.

Goals, in this order:

1. Every estimate is right to some 10⁻¹⁷ of itself, in gaps and far from all keys too.
2. The queries at which fast methods fail are among them.
3. It takes seconds.

Weights are formed in extended precision (64 bits of significand). A Gaussian's log-weights are
formed as *differences* to that of the nearest key k₀,

    ½ Σ ((q − k₀)² − (q − k)²)/h² = ½ Σ (k − k₀)(2q − k − k₀)/h²   (sums over inputs)

which keeps their digits where the weights themselves underflow, and keys whose difference is below
−60 are left out: a million of them change nothing above 10⁻²⁰. Membership in a compact window is
decided by the same extended differences, which are exact for doubles of like size.

Queries are a random sample and, beside it, those farthest from any key in one input, the two ends,
and those farthest from the middle in several.
"""

import pathlib

import numpy

from suite import problems, store

PAIRS = 2 * 10**8
MOST, LEAST = 2000, 100
WORST = 100
DEPTH = 60

# |u| from 0 to below 1, in extended precision.
PROFILES = {
    "boxcar": lambda u: numpy.ones_like(u),
    "triangular": lambda u: 1 - u,
    "epanechnikov": lambda u: (1 - u) * (1 + u),
    "tricube": lambda u: ((1 - u) * (1 + u + u * u)) ** 3,
}


def reference(case):
    """Numbers of queries, and the estimates there; NaN where no key has weight."""
    paths = problems.files(case)
    key = " ".join([
        "reference", store.digest(*paths.values(), pathlib.Path(__file__)), case.kernel,
        case.combination, repr(case.bandwidth)])

    def make(folder):
        keys, queries, values = problems.load(case)
        order = numpy.argsort(keys[:, 0])
        keys, values = keys[order], values[order]
        places = sample(keys, queries, keys_in_reach(case))
        found = [estimate(case, keys, values, queries[place]) for place in places]
        numpy.save(folder / "places.npy", places)
        numpy.save(folder / "estimates.npy", numpy.array(found))

    folder = store.folder(key, make)
    return numpy.load(folder / "places.npy"), numpy.load(folder / "estimates.npy")


def keys_in_reach(case):
    """About how many keys a query meets, for keys on the unit range."""
    reach = case.bandwidth * (11 if case.kernel == "gaussian" else 1)
    return case.size * (min(1, 2 * reach) if case.dimension == 1 else 1)


def sample(keys, queries, reach):
    random = numpy.random.default_rng(7)
    count = int(min(MOST, max(LEAST, PAIRS / max(reach, 1)), len(queries)))
    chosen = [random.choice(len(queries), count, replace=False)]
    if keys.shape[1] == 1:
        line = queries[:, 0]
        after = numpy.clip(numpy.searchsorted(keys[:, 0], line), 1, len(keys) - 1)
        nearest = numpy.minimum(
            abs(line - keys[after - 1, 0]), abs(line - keys[after, 0]))
        inside = (line > keys[0, 0]) & (line < keys[-1, 0])
        chosen += [farthest(numpy.where(inside, nearest, -1)), farthest(line), farthest(-line)]
    else:
        chosen.append(farthest(((queries - keys.mean(axis=0)) ** 2).sum(axis=1)))
    return numpy.unique(numpy.concatenate(chosen))


def farthest(distances):
    count = min(WORST, len(distances))
    return numpy.argpartition(distances, -count)[-count:]


def estimate(case, keys, values, query):
    """The estimate at one query; keys are in the order of their first input."""
    if case.kernel == "gaussian":
        weights, rows = gaussian(keys, query, case.bandwidth)
    else:
        weights, rows = compact(case, keys, query)
    total = weights.sum()
    return float((weights * values[rows]).sum() / total) if total > 0 else numpy.nan


def gaussian(keys, query, bandwidth):
    distances = ((keys - query) ** 2).sum(axis=1) if keys.shape[1] > 1 else None
    if distances is None:
        # Of sorted keys only a run can matter.
        after = numpy.searchsorted(keys[:, 0], query[0])
        near = keys[max(after - 1, 0) : after + 1]
        nearest = near[numpy.argmin(abs(near[:, 0] - query[0]))]
        # Rounded outwards: what is left out has to be.
        reach = 1.001 * numpy.hypot(
            nearest[0] - query[0], numpy.sqrt(2 * DEPTH) * bandwidth)
        rows = slice(
            numpy.searchsorted(keys[:, 0], query[0] - reach),
            numpy.searchsorted(keys[:, 0], query[0] + reach, side="right"))
    else:
        nearest = keys[numpy.argmin(distances)]
        rows = numpy.flatnonzero(
            distances <= 1.001 * (distances.min() + 2 * DEPTH * bandwidth**2))
    k = keys[rows].astype(numpy.longdouble)
    k0 = nearest.astype(numpy.longdouble)
    q = query.astype(numpy.longdouble)
    differences = ((k - k0) * ((q - k) + (q - k0))).sum(axis=1)
    return numpy.exp(differences / (2 * numpy.longdouble(bandwidth) ** 2)), rows


def compact(case, keys, query):
    rows = slice(
        numpy.searchsorted(keys[:, 0], query[0] - 1.001 * case.bandwidth),
        numpy.searchsorted(keys[:, 0], query[0] + 1.001 * case.bandwidth, side="right"))
    u = abs(query.astype(numpy.longdouble) - keys[rows]) / numpy.longdouble(case.bandwidth)
    if case.combination == "radial" and case.dimension > 1:
        u = numpy.sqrt((u * u).sum(axis=1, keepdims=True))
    profile = PROFILES[case.kernel]
    weights = numpy.where(u < 1, profile(numpy.minimum(u, 1)), 0)
    return weights.prod(axis=1), rows


def compare(estimates, case):
    """How far estimates of all queries are from the reference.

    error: the largest |estimate − truth|/|truth|; missing: the number of queries without an
    estimate though keys support them; invented: of those with one though no key does; checked: of
    all that were looked at.
    """
    places, truth = reference(case)
    found = estimates[places]
    is_supported, is_answered = ~numpy.isnan(truth), ~numpy.isnan(found)
    both = is_supported & is_answered
    errors = abs(found[both] - truth[both]) / abs(truth[both])
    # An infinite estimate is as wrong as can be, and JSON has no infinity.
    largest = min(float(errors.max()), numpy.finfo(float).max) if errors.size else None
    return {
        "error": largest,
        "missing": int((is_supported & ~is_answered).sum()),
        "invented": int((~is_supported & is_answered).sum()),
        "checked": len(places),
    }
