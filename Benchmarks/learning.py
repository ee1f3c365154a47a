#!/usr/bin/env python3
"""What it costs to learn a metric, and how good it is, beside MLKR and torch.

    swift build -c release --package-path Benchmarks --product learning
    python3 Benchmarks/learning.py [--rounds 3] [--only NAME[,NAME…]] [--output DIR]

Each learns a full metric from all rows, without penalty and with nothing held out, for the exact
leave-one-out error, which numpy computes from each one's metric in the same way. One thread each, in
turns, medians of the rounds; times are the processor's, from the arrays to the metric, which on a
thread of one's own is what a clock shows and on a busy machine stays nearly that.

* ours: `LearnedModel.learn`, no restarts, one bandwidth → bandwidths → metric.
* MLKR of metric-learn 0.7.0 with its defaults, on the inputs as they are and standardised; it calls
  scikit-learn by a parameter's former name, which is mended here.
* torch: the same loss by autograd, L-BFGS with strong Wolfe conditions, 500 iterations, from the
  identity on standardised inputs.

Problems: a synthetic one of 2,000 rows and 10 inputs, and those of scikit-learn. Packages are
installed into Benchmarks/.build-venv.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

from suite import environment

environment.require(
    "numpy", sklearn="scikit-learn", torch="torch==2.13.0+cpu", metric_learn="metric-learn==0.7.0")

import metric_learn
import metric_learn._util
import numpy
import sklearn
import sklearn.datasets
import torch

from suite import machine

ROOT = pathlib.Path(__file__).resolve().parent
PROGRAM = ROOT / ".build/release/learning"


def problems():
    random = numpy.random.default_rng(7)
    keys = random.normal(size=(2000, 10))
    values = numpy.sin(2 * keys[:, 0] + keys[:, 1]) + keys[:, 2] * keys[:, 3]
    return {
        "synthetic": (keys, values + 0.3 * random.normal(size=2000)),
        "friedman1": sklearn.datasets.make_friedman1(1000, 10, noise=1, random_state=0),
        "friedman2": sklearn.datasets.make_friedman2(1000, noise=100, random_state=0),
        "friedman3": sklearn.datasets.make_friedman3(1000, noise=0.1, random_state=0),
        "diabetes": sklearn.datasets.load_diabetes(return_X_y=True),
        "regression": sklearn.datasets.make_regression(
            1000, 10, n_informative=4, noise=10, random_state=0),
    }


def leave_one_out(keys, values, metric):
    """The mean squared error over the variance of the values, with weights exp(−‖A(q − k)‖²/2)."""
    places = (keys - keys.mean(axis=0)) @ numpy.asarray(metric).T
    total = 0.0
    for start in range(0, len(places), 500):
        block = places[start:start + 500]
        scores = -0.5 * ((block[:, None, :] - places[None, :, :]) ** 2).sum(axis=2)
        own = numpy.arange(len(block))
        scores[own, start + own] = -numpy.inf
        weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
        estimates = weights @ values / weights.sum(axis=1)
        total += ((values[start:start + 500] - estimates) ** 2).sum()
    return total / len(values) / values.var()


def ours(keys, values):
    text = "\n".join(
        ",".join(repr(float(x)) for x in row) for row in numpy.column_stack([keys, values]))
    run = subprocess.run(
        [PROGRAM, "table", "--held-out", "0", "--decay", "0", "--restarts", "0", "--threads", "1"],
        input=text, capture_output=True, text=True, check=True)
    result = json.loads(run.stdout)
    return result["processor_seconds"], numpy.array(result["metric"])


def renamed(function):
    """Takes `force_all_finite` by the name that scikit-learn has for it since 1.6."""
    def call(*arguments, **named):
        if "force_all_finite" in named:
            named["ensure_all_finite"] = named.pop("force_all_finite")
        return function(*arguments, **named)
    return call


metric_learn._util.check_X_y = renamed(metric_learn._util.check_X_y)
metric_learn._util.check_array = renamed(metric_learn._util.check_array)


def mlkr(keys, values):
    start = time.process_time()
    model = metric_learn.MLKR(random_state=0).fit(keys, values)
    seconds = time.process_time() - start
    # Its weights are exp(−‖A(q − k)‖²).
    return seconds, numpy.sqrt(2) * model.components_


def mlkr_standardised(keys, values):
    deviations = keys.std(axis=0)
    seconds, metric = mlkr((keys - keys.mean(axis=0)) / deviations, values)
    return seconds, metric / deviations


def torch_descent(keys, values):
    torch.set_num_threads(1)
    start = time.process_time()
    deviations = keys.std(axis=0)
    x = torch.tensor((keys - keys.mean(axis=0)) / deviations)
    y = torch.tensor((values - values.mean()) / values.std())
    metric = torch.eye(x.shape[1], dtype=torch.float64, requires_grad=True)
    own = torch.eye(len(x), dtype=torch.bool)
    optimizer = torch.optim.LBFGS(
        [metric], max_iter=500, max_eval=1000, history_size=15, tolerance_change=1e-10,
        line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        places = x @ metric.T
        norms = (places ** 2).sum(dim=1)
        scores = places @ places.T - 0.5 * norms[None, :]
        weights = torch.softmax(scores.masked_fill(own, -torch.inf), dim=1)
        loss = ((y - weights @ y) ** 2).mean()
        loss.backward()
        return loss

    optimizer.step(closure)
    return time.process_time() - start, metric.detach().numpy() / deviations


CONTESTANTS = {
    "ours": ours, "MLKR": mlkr, "MLKR, standardised": mlkr_standardised, "torch": torch_descent}


def report(rows, options):
    text = [
        "# Learning a metric", "",
        f"`python3 Benchmarks/learning.py --rounds {options.rounds}`; medians of processor time, one thread each. The "
        "error is the leave-one-out mean square over the values' variance.", "",
        "| problem | rows × inputs | contestant | seconds | times ours | error |",
        "|:--|:--|:--|--:|--:|--:|"]
    for row in rows:
        own = row["results"]["ours"]["seconds"]
        for name, result in row["results"].items():
            text.append(
                f"| {row['problem']} | {row['rows']} × {row['inputs']} | {name} | "
                f"{result['seconds']:.2f} | {result['seconds'] / own:.1f} | {result['error']:.4f} |")
    (options.output / "learning.md").write_text("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=None)
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Results")
    options = parser.parse_args()
    if not PROGRAM.exists():
        sys.exit(f"there is no {PROGRAM}: build it as this script's first lines say")
    rows = []
    for name, (keys, values) in problems().items():
        if options.only and name not in options.only.split(","):
            continue
        results = {}
        for _ in range(options.rounds):
            for contestant, learn in CONTESTANTS.items():
                seconds, metric = learn(keys, values)
                result = results.setdefault(contestant, {"rounds": []})
                result["rounds"].append(seconds)
                result["error"] = float(leave_one_out(keys, values, metric))
        for result in results.values():
            result["seconds"] = statistics.median(result["rounds"])
        rows.append(
            {"problem": name, "rows": len(keys), "inputs": keys.shape[1], "results": results})
        print(json.dumps(rows[-1]), flush=True)
        write(rows, options)


def write(rows, options):
    options.output.mkdir(exist_ok=True)
    facts = {
        "machine": machine.describe(),
        "versions": {
            "scikit-learn": sklearn.__version__, "metric-learn": metric_learn.__version__,
            "torch": torch.__version__, "numpy": numpy.__version__},
        "rows": rows}
    (options.output / "learning.json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False, default=str) + "\n")
    report(rows, options)


if __name__ == "__main__":
    main()
