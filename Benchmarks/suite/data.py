"""The random numbers of `Sources/Pairs/UniformNumbers.swift`: the same bits from the same seed.

Source: G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators,
OOPSLA 2014, doi:10.1145/2660193.2660195.
"""

import numpy


def uniform(seed, count):
    """`count` numbers on [0, 1)."""
    state = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    mixed = state + numpy.uint64(seed)
    mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> numpy.uint64(31)
    return (mixed >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53


def points(seed, count, dimension):
    """Points of shape [count, dimension]."""
    return uniform(seed, count * dimension).reshape(count, dimension)
