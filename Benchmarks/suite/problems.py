"""Keys, queries and values of the cases, in random order, as files that every contestant reads.

Values are a smooth curve with noise, all above 0, so that relative errors mean something:

    y = 3 + 2 sin(4x) + |x|^0.8 + uniform noise on ± 0.4,   x the mean of the inputs
"""

import numpy

from suite import store

VERSION = 1


def files(case):
    """The paths of the case's arrays; made where they are not there yet."""
    key = f"problem {VERSION} {case.data} {case.size} {case.dimension}"

    def make(folder):
        random = numpy.random.default_rng(20)
        keys, queries, shift = MAKERS[case.data](random, case.size, case.dimension)
        x = keys.mean(axis=1)
        noise = random.uniform(-0.4, 0.4, case.size)
        numpy.save(folder / "values.npy", 3 + 2 * numpy.sin(4 * x) + abs(x) ** 0.8 + noise)
        # What is shifted is rounded once, here, for all contestants alike.
        numpy.save(folder / "keys.npy", keys + shift)
        numpy.save(folder / "queries.npy", queries + shift)

    folder = store.folder(key, make)
    return {name: folder / f"{name}.npy" for name in ("keys", "queries", "values")}


def load(case):
    """Keys [n, d], queries [m, d], values [n]."""
    return tuple(numpy.load(path) for path in files(case).values())


def uniform(random, count, dimension):
    shape = (count, dimension)
    return random.random(shape), random.random(shape), 0


def gap(random, count, dimension):
    """No keys in the middle 30 %, queries everywhere."""
    keys, queries, _ = uniform(random, count, dimension)
    return numpy.where(keys < 0.5, keys * 0.7, 1 - (1 - keys) * 0.7), queries, 0


def tails(random, count, dimension):
    """Student's t with two degrees of freedom."""
    shape = (count, dimension)
    return random.standard_t(2, shape), random.standard_t(2, shape), 0


def far(random, count, dimension):
    """Half of the queries up to ten ranges outside."""
    keys, queries, _ = uniform(random, count, dimension)
    outside = random.uniform(-10, 11, queries.shape)
    return keys, numpy.where(random.random(queries.shape) < 0.5, queries, outside), 0


def shifted(random, count, dimension):
    """Seconds since 1970: neighbouring doubles differ by 2.4·10⁻⁷."""
    keys, queries, _ = uniform(random, count, dimension)
    return keys, queries, 1.6e9


def shifted_compact(random, count, dimension):
    keys, queries, _ = uniform(random, count, dimension)
    return keys, queries, 1e9


MAKERS = {
    "uniform": uniform, "gap": gap, "tails": tails, "far": far, "shifted": shifted,
    "shifted-compact": shifted_compact}
