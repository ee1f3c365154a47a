"""Gaussian sums by non-uniform fast Fourier transforms: FINUFFT.

    Σᵢ exp(−‖q − kᵢ‖²/2h²) cᵢ ≈ Σⱼ ĝⱼ e^(iωⱼq) Σᵢ cᵢ e^(−iωⱼkᵢ),   ĝ the kernel's Fourier series

A transform of type 1 takes the keys to Fourier modes, one of type 2 the modes to the queries. All
is done to its advantage: one complex transform carries both sums (c = 1 + iy, and the kernel is
even, so they come apart as real and imaginary part), the period ends `reach` bandwidths beyond the
data and the modes end where the Gaussian's transform falls below the accuracy, and the
oversampling, the sorting of points and, for few of these, the number of threads are the fastest of
those that keep the accuracy.

Source: A. H. Barnett, J. Magland and L. af Klinteberg, A parallel nonuniform fast Fourier transform
library based on an "exponential of semicircle" kernel, SIAM J. Sci. Comput. 41 (2019),
doi:10.1137/18M120885X.
"""

import functools
import itertools
import math

import finufft
import numpy

from peers import serving


# Below this many points a second thread may cost more than it brings.
FEW = 100_000


def estimates(problem, settings):
    keys, queries, h = problem.keys, problem.queries, problem.bandwidths
    low = numpy.minimum(keys.min(axis=0), queries.min(axis=0))
    high = numpy.maximum(keys.max(axis=0), queries.max(axis=0))
    # The nearest image of a key, and the first mode that is left out, are both below the accuracy.
    reach = math.sqrt(-2 * math.log(problem.accuracy))
    period = high - low + reach * h
    last = numpy.ceil(period * reach / (2 * math.pi * h)).astype(int)
    shape = tuple(int(count) for count in 2 * last + 1)

    def angles(points):
        scaled = (points - (low + high) / 2) * (2 * math.pi / period)
        return [numpy.ascontiguousarray(column) for column in scaled.T]

    strengths = numpy.empty(len(keys), dtype=complex)
    strengths.real = 1
    strengths.imag = problem.values
    plan = functools.partial(
        finufft.Plan, n_modes_or_dim=shape, eps=problem.accuracy, **settings)
    to_modes = plan(1, isign=-1)
    to_modes.setpts(*angles(keys))
    modes = to_modes.execute(strengths)
    for axis, count in enumerate(last):
        frequency = 2 * math.pi * h[axis] / period[axis] * numpy.arange(-count, count + 1)
        sides = [1] * len(shape)
        sides[axis] = -1
        modes *= numpy.exp(-frequency**2 / 2).reshape(sides)
    to_queries = plan(2, isign=1)
    to_queries.setpts(*angles(queries))
    sums = to_queries.execute(modes)
    return sums.imag / sums.real


def prepare(problem, _):
    problem.require(kernels=("gaussian",), dimensions=(1, 2, 3))
    # 0 lets the library choose; 1.25 with its shorter transforms holds nine digits, not more.
    oversampling = (2.0, 0.0, 1.25) if problem.accuracy >= 1e-9 else (2.0,)
    threads = {problem.threads} | ({1} if len(problem.keys) < FEW else set())
    return serving.fastest(
        [
            functools.partial(
                estimates, settings={"upsampfac": factor, "spread_sort": sort, "nthreads": count})
            for factor, sort, count in itertools.product(oversampling, (2, 0), threads)],
        problem)


if __name__ == "__main__":
    serving.serve(prepare)
