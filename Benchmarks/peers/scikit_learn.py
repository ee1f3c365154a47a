"""Radial kernels with a bounded window: scikit-learn's RadiusNeighborsRegressor.

Its weights are a callable of the distances of all keys within the radius. To its advantage queries
come in blocks of 10,000, because the lists of neighbours of all queries at once would fill the
memory, and one job or one for each thread is used, whichever is faster on a block.
"""

import functools

import numpy
import sklearn.neighbors

from peers import serving

BLOCK = 10_000

PROFILES = {
    "boxcar": lambda u: numpy.ones_like(u),
    "triangular": lambda u: 1 - u,
    "epanechnikov": lambda u: 1 - u * u,
    "biweight": lambda u: (1 - u * u) ** 2,
    "triweight": lambda u: (1 - u * u) ** 3,
    "tricube": lambda u: (1 - u**3) ** 3,
}


def estimates(problem, jobs, limit=None):
    profile = PROFILES[problem.kernel]
    h = problem.bandwidths

    def weights(distances):
        result = numpy.empty(len(distances), dtype=object)
        for index, distance in enumerate(distances):
            result[index] = profile(distance)
        return result

    regressor = sklearn.neighbors.RadiusNeighborsRegressor(
        1.0, weights=weights, algorithm="kd_tree", n_jobs=jobs)
    regressor.fit(problem.keys / h, problem.values)
    queries = problem.queries[:limit] / h
    return numpy.concatenate([
        regressor.predict(queries[start : start + BLOCK])
        for start in range(0, len(queries), BLOCK)])


def prepare(problem, _):
    problem.require(kernels=PROFILES, combination="radial")
    trials = [
        functools.partial(estimates, jobs=jobs, limit=BLOCK)
        for jobs in sorted({1, problem.threads})]
    jobs = serving.fastest(trials, problem).keywords["jobs"]
    return functools.partial(estimates, jobs=jobs)


if __name__ == "__main__":
    serving.serve(prepare)
