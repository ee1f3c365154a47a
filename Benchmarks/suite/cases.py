"""The problems that engines.py sets, and who solves each of them.

Numbers of keys and queries are those of a full run; a quick run takes 10·√n of each, so that every
pair can be visited while one waits.
"""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Case:
    """One problem; `data` names a maker of `suite/problems.py`, `size` counts keys and queries."""

    name: str
    group: str
    title: str
    data: str
    size: int
    kernel: str
    bandwidth: float
    peers: tuple = ()
    dimension: int = 1
    combination: str = "product"
    # What is asked of the product; None leaves it at its own.
    accuracy: float = None
    # What is asked of peers that can be asked.
    peer_accuracy: float = 1e-15

    def at(self, size):
        return dataclasses.replace(self, size=size)


def quick(case):
    return case.at(round(10 * math.sqrt(case.size)))


def ball_bandwidth(dimension, share):
    """The radius of a ball that holds this share of the unit cube."""
    volume = math.pi ** (dimension / 2) / math.gamma(dimension / 2 + 1)
    return (share / volume) ** (1 / dimension)


def cube_bandwidth(dimension, share):
    """Half the side of a cube that holds this share of the unit cube."""
    return share ** (1 / dimension) / 2


def student_bandwidth(count):
    """The rule of thumb from the quartiles, ± √(2/3), of Student's t with 2 degrees of freedom."""
    return 0.9 * 2 * math.sqrt(2 / 3) / 1.349 * count**-0.2


MILLION = 10**6
ONE_PERCENT = 0.01


def gaussians():
    group = "1-D Gaussian"
    peers = ("finufft", "stable-sort")
    for width, name in ((0.01, "wide"), (0.0005, "narrow")):
        yield Case(
            f"gaussian-{name}", group, f"Gaussian, h = {width:g} of the range", "uniform", MILLION,
            "gaussian", width, peers)


def ill_placed():
    group = "1-D Gaussian, ill placed"
    rows = [
        ("gap", "a gap of 30 % of the range", 0.01),
        ("tails", "heavy tails", student_bandwidth(MILLION)),
        ("far", "queries far outside", 0.01),
        ("shifted", "x shifted by 1.6·10⁹", 0.01),
    ]
    for data, title, width in rows:
        yield Case(
            f"gaussian-{data}", group, f"Gaussian, {title}", data, MILLION, "gaussian", width,
            ("finufft",))


def compact():
    group = "1-D compact kernels"
    peers = ("numpy-prefix-sums", "stable-sort")
    settings = [
        ("wide", "h = 0.2 of the range", "uniform", 0.2),
        ("narrow", "h = 2·10⁻⁵ of the range", "uniform", 2e-5),
        ("shifted", "shifted by 10⁹", "shifted-compact", 0.2),
    ]
    for kernel in ("epanechnikov", "triangular", "tricube", "boxcar"):
        for name, title, data, width in settings:
            yield Case(
                f"{kernel}-{name}", group, f"{kernel.capitalize()}, {title}", data, MILLION,
                kernel, width, peers)


def several_inputs():
    group = "Several inputs"
    yield Case(
        "gaussian-2d", group, "2-D Gaussian", "uniform", MILLION, "gaussian",
        ball_bandwidth(2, ONE_PERCENT), ("finufft",), dimension=2, peer_accuracy=1e-14)
    yield Case(
        "gaussian-3d", group, "3-D Gaussian to 10⁻⁶", "uniform", MILLION, "gaussian",
        ball_bandwidth(3, ONE_PERCENT), ("finufft",), dimension=3, accuracy=1e-6,
        peer_accuracy=1e-6)
    for dimension in (2, 3):
        yield Case(
            f"epanechnikov-{dimension}d-radial", group, f"{dimension}-D Epanechnikov, radial",
            "uniform", MILLION // 10, "epanechnikov", ball_bandwidth(dimension, ONE_PERCENT),
            ("scikit-learn",), dimension=dimension, combination="radial")
        yield Case(
            f"epanechnikov-{dimension}d-product", group, f"{dimension}-D Epanechnikov, product",
            "uniform", MILLION // 10, "epanechnikov", cube_bandwidth(dimension, ONE_PERCENT),
            dimension=dimension)
    yield Case(
        "gaussian-8d", group, "8-D Gaussian, every pair", "uniform", 20_000, "gaussian", 0.25,
        ("torch-float32", "torch-float64"), dimension=8)


def growth():
    for exponent in (4, 5, 6, 7):
        yield Case(
            f"growth-1e{exponent}", "Growth", "Gaussian, h = 0.01 of the range", "uniform",
            10**exponent, "gaussian", 0.01)


def small():
    group = "Few points"
    peers = ("kernsmooth", "kdepy", "kernelsmooth", "statsmodels", "ksmooth", "finufft")
    yield Case(
        "small-gaussian", group, "Few points, Gaussian", "uniform", 10_000, "gaussian", 0.01, peers)
    yield Case(
        "small-boxcar", group, "Few points, boxcar", "uniform", 10_000, "boxcar", 0.01,
        ("ksmooth", "numpy-prefix-sums"))


ALL = {
    case.name: case
    for makers in (gaussians, ill_placed, compact, several_inputs, growth, small)
    for case in makers()}
