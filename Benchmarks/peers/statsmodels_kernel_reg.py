"""Local constant regression over all pairs: statsmodels' KernelReg with its bandwidth given.

It forms each query's marginal effects as well, and offers no way to leave them out.
"""

from statsmodels.nonparametric import kernel_regression

from peers import serving


def estimates(problem):
    model = kernel_regression.KernelReg(
        problem.values, problem.keys, var_type="c" * problem.dimension, reg_type="lc",
        bw=list(problem.bandwidths))
    return model.fit(problem.queries)[0]


def prepare(problem, _):
    problem.require(kernels=("gaussian",))
    return estimates


if __name__ == "__main__":
    serving.serve(prepare)
