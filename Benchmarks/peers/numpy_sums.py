"""Kernel sums in numpy: the loop that a careful numpy programmer writes.

    Σᵢ K((q − kᵢ)/h)   and   Σᵢ K((q − kᵢ)/h) yᵢ,   K multiplied over the inputs

A block of queries × keys is formed at a time, `K((q[:, None] - k)/h)`, and reduced by `@ y`. All
is done to numpy's advantage: float64, every step in place in buffers made once, keys and queries
divided by h beforehand, exp once a pair where the kernel allows it, a maximum with an array of
zeros because that with the number 0 is three times slower, and the block's shape chosen by trial
for each kernel and dimension.
"""

import collections
import statistics
import time

import numpy

# Queries × keys, 128 to 512 KiB a buffer: smaller blocks spend their time in the interpreter.
BLOCKS = [
    (1, 16384), (2, 16384), (4, 16384), (4, 4096), (8, 4096), (16, 4096), (16, 1024), (64, 1024)]

# What a block works in: the product or sum over the inputs, one input's term, a third for either,
# and two that only hold a number.
Room = collections.namedtuple("Room", ["total", "other", "scratch", "zeros", "ones"])


class NumpySums:
    """The sums of one kernel over one set of keys.

    keys: [n, d]; queries: [m, d]; values: [n]; bandwidth: one for all inputs.
    """

    def __init__(self, kernel, keys, queries, values, bandwidth):
        self.term, self.combine, self.finish = KERNELS[kernel]
        self.keys = numpy.ascontiguousarray((keys / bandwidth).T)
        self.queries = numpy.ascontiguousarray((queries / bandwidth).T)
        self.values = values
        self.ones = numpy.ones_like(values)
        self.use(BLOCKS[0])

    def use(self, block):
        """Works in blocks of that shape."""
        self.block = block
        self.room = Room(
            *(numpy.empty(block) for _ in range(3)), numpy.zeros(block), numpy.ones(block))

    @property
    def pair_count(self):
        return self.keys.shape[1] * self.queries.shape[1]

    def sums(self):
        """Shape [2, m]: the weights' sums, and the values' sums under them."""
        rows, columns = self.block
        key_count, query_count = self.keys.shape[1], self.queries.shape[1]
        result = numpy.zeros((2, query_count))
        for row in range(0, query_count, rows):
            queries = slice(row, min(row + rows, query_count))
            for column in range(0, key_count, columns):
                keys = slice(column, min(column + columns, key_count))
                shape = (slice(queries.stop - row), slice(keys.stop - column))
                weights = self.weights(queries, keys, Room(*(part[shape] for part in self.room)))
                result[0, queries] += weights @ self.ones[keys]
                result[1, queries] += weights @ self.values[keys]
        return result

    def weights(self, queries, keys, room):
        if self.term is None:
            return room.ones
        for dimension in range(len(self.keys)):
            u = room.total if dimension == 0 else room.other
            numpy.subtract(
                self.queries[dimension, queries, None], self.keys[dimension, keys], out=u)
            self.term(u, room)
            if dimension > 0:
                self.combine(room.total, room.other, out=room.total)
        self.finish(room.total)
        return room.total

    def rate(self, seconds):
        """Pairs per second, of as many passes as fill the time."""
        passes = 0
        start = time.perf_counter()
        while True:
            self.sums()
            passes += 1
            elapsed = time.perf_counter() - start
            if elapsed >= seconds:
                return passes * self.pair_count / elapsed

    def tune(self, seconds):
        """Takes the fastest shape of a block."""
        rates = {}
        for block in BLOCKS:
            self.use(block)
            self.sums()
            rates[block] = statistics.median(self.rate(seconds / 3) for _ in range(3))
        self.use(max(rates, key=rates.get))


# A kernel is a term for each input, made of u in place, how terms combine, and what follows; the
# constant kernel does not look at the keys.


def nothing(_):
    pass


def squared(u, _):
    numpy.multiply(u, u, out=u)


def absolute(u, _):
    numpy.abs(u, out=u)


def half_exponential(a):
    a *= -0.5
    numpy.exp(a, out=a)


def exponential(a):
    numpy.negative(a, out=a)
    numpy.exp(a, out=a)


def reciprocal(a):
    numpy.reciprocal(a, out=a)


def boxcar(u, _):
    numpy.abs(u, out=u)
    numpy.less(u, 1, out=u, casting="unsafe")


def triangular(u, room):
    numpy.abs(u, out=u)
    numpy.subtract(1, u, out=u)
    numpy.maximum(u, room.zeros, out=u)


def epanechnikov(u, room):
    numpy.multiply(u, u, out=u)
    numpy.subtract(1, u, out=u)
    numpy.maximum(u, room.zeros, out=u)


def biweight(u, room):
    epanechnikov(u, room)
    numpy.multiply(u, u, out=u)


def cube(u, room):
    numpy.multiply(u, u, out=room.scratch)
    numpy.multiply(u, room.scratch, out=u)


def triweight(u, room):
    epanechnikov(u, room)
    cube(u, room)


def tricube(u, room):
    numpy.abs(u, out=u)
    cube(u, room)
    numpy.subtract(1, u, out=u)
    numpy.maximum(u, room.zeros, out=u)
    cube(u, room)


def cosine(u, room):
    numpy.abs(u, out=u)
    numpy.minimum(u, room.ones, out=u)
    u *= numpy.pi / 2
    numpy.cos(u, out=u)


def logistic(u, room):
    numpy.abs(u, out=u)
    numpy.negative(u, out=u)
    numpy.exp(u, out=u)
    numpy.add(u, 1, out=room.scratch)
    numpy.multiply(room.scratch, room.scratch, out=room.scratch)
    numpy.divide(u, room.scratch, out=u)
    u *= 4


def cauchy(u, _):
    numpy.multiply(u, u, out=u)
    u += 1


KERNELS = {
    "gaussian": (squared, numpy.add, half_exponential),
    "boxcar": (boxcar, numpy.multiply, nothing),
    "constant": (None, None, None),
    "triangular": (triangular, numpy.multiply, nothing),
    "epanechnikov": (epanechnikov, numpy.multiply, nothing),
    "biweight": (biweight, numpy.multiply, nothing),
    "triweight": (triweight, numpy.multiply, nothing),
    "tricube": (tricube, numpy.multiply, nothing),
    "cosine": (cosine, numpy.multiply, nothing),
    "laplacian": (absolute, numpy.add, exponential),
    "logistic": (logistic, numpy.multiply, nothing),
    "cauchy": (cauchy, numpy.multiply, reciprocal),
}
