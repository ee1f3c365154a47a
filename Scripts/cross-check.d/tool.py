"""The contestant: the program, or plain formulas in its place. Both answer the same questions."""

import csv
import io
import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy

import formulas

FIXTURES = Path(__file__).parents[1] / "fixtures"


class NotYet(Exception):
    """The program does not know an option."""


def write(folder, name, columns):
    path = Path(folder) / name
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(numpy.asarray(column).tolist() for column in columns.values())))
    return path


class Program:
    def __init__(self, path):
        self.path, self.name = path, Path(path).name

    def run(self, keys, values, command, *options, at=None):
        with tempfile.TemporaryDirectory() as folder:
            table = formulas.rows(keys)
            inputs = {f"x{j}": table[:, j] for j in range(table.shape[1])}
            data = write(folder, "data.csv", {**inputs, "y": values})
            arguments = [self.path, command, data, "-x", ",".join(inputs), "-y", "y", *options]
            if at is not None:
                queries = formulas.rows(at)
                arguments += ["--at", write(
                    folder, "at.csv", {f"x{j}": queries[:, j] for j in range(queries.shape[1])})]
            done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True)
        if done.returncode == 64:
            raise NotYet(done.stderr.strip().splitlines()[0])
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def table(self, *arguments, **keywords):
        read = list(csv.reader(io.StringIO(self.run(*arguments, **keywords))))
        numbers = [[float(cell) if cell else math.nan for cell in row] for row in read[1:]]
        return dict(zip(read[0], numpy.array(numbers).T))

    def options(self, kernel, degree, bandwidth):
        # Degree 0 is what a program without --degree does as well.
        widths = ",".join(repr(float(width)) for width in numpy.atleast_1d(bandwidth))
        wanted = ["--kernel", kernel, "--bandwidth", widths]
        return wanted + (["--degree", degree] if degree else [])

    def fits(self, keys, values, queries, kernel, degree, bandwidth):
        options = self.options(kernel, degree, bandwidth)
        radial = ["--radial"] if formulas.rows(keys).shape[1] > 1 else []
        gradient = ["--gradient"] if degree else []
        found = self.table(
            keys, values, "predict", *options, *gradient, *radial, at=queries)
        return found["y_hat"], found.get("y_d_x0", numpy.array([]))

    def neighbors(self, keys, values, queries, kernel, count):
        radial = ["--radial"] if formulas.rows(keys).shape[1] > 1 else []
        return self.table(
            keys, values, "predict", "--kernel", kernel, "--neighbors", count, *radial, at=queries,
        )["y_hat"]

    def intervals(self, keys, values, queries, kernel, degree, bandwidth):
        options = self.options(kernel, degree, bandwidth)
        found = self.table(keys, values, "predict", *options, "--level", "0.95", at=queries)
        return found["y_se"], found["y_lower"], found["y_upper"]

    def selection(self, method, kernel, degree):
        return ["--bandwidth", method, "--kernel", kernel, "--degree", degree]

    def criterion(self, method, keys, values, kernel, degree, bandwidth):
        found = self.table(
            keys, values, "bandwidth", *self.selection(method, kernel, degree),
            "--path", 2, "--from", repr(float(bandwidth)), "--to", repr(float(2 * bandwidth)))
        return found["criterion"][0]

    def bandwidth(self, method, keys, values, kernel, degree):
        found = json.loads(self.run(
            keys, values, "bandwidth", *self.selection(method, kernel, degree),
            "--format", "json"))
        return found["bandwidth"][0]


class Formulas:
    name = "formulas"
    fits = staticmethod(formulas.fits)
    criterion = staticmethod(formulas.criterion)
    neighbors = staticmethod(formulas.neighbors)

    def intervals(self, *_):
        raise NotYet("the formulas of intervals are in Scripts/fixtures/inference.py")

    def bandwidth(self, method, keys, values, kernel, degree):
        if method == "plug-in":
            import plug_in
            return plug_in.exact(*plug_in.trimmed(keys, values))["bandwidth"]
        from scipy.optimize import minimize_scalar
        start = numpy.log(numpy.ptp(keys) / 30)
        return math.exp(minimize_scalar(
            lambda t: formulas.criterion(method, keys, values, kernel, degree, math.exp(t)),
            bracket=(start, start + 0.1), tol=1e-9).x)
