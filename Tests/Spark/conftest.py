"""A cluster of two executors, tables on disk, and the program that is tested."""

import csv
import io
import math
import random
import subprocess
from pathlib import Path

import pytest

CLUSTER = [
    "--master", "local-cluster[2,1,1024]",
    "--conf", "spark.sql.catalogImplementation=in-memory",
    "--conf", "spark.ui.enabled=false",
    "--conf", "spark.sql.shuffle.partitions=2",
    "--conf", "spark.driver.memory=1g",
]


def pytest_addoption(parser):
    parser.addoption("--program", required=True, help="a static nadaraya")


class Program:
    """Runs nadaraya in a folder."""

    def __init__(self, path, folder):
        self.path = path
        self.folder = folder

    def __call__(self, *arguments, program=None, stdin=None):
        return subprocess.run(
            [program or self.path, *arguments], cwd=self.folder, input=stdin, capture_output=True,
            text=True, timeout=300)

    def spark(self, *arguments, options=(), program=None):
        return self("spark", *arguments, "--", *CLUSTER, *options, program=program)

    def start(self, *arguments):
        return subprocess.Popen(
            [self.path, "spark", *arguments, "--", *CLUSTER], cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rows():
    """Rows with ties, a gap, and weights of which some are 0."""
    chance = random.Random(7)
    for row in range(4000):
        x = round(chance.uniform(0, 4), 2) if row % 2 else chance.uniform(6, 10)
        z = float(chance.randint(0, 5))
        shop = chance.choice("abc")
        grade = chance.choice(["low", "mid", "high"])
        yield {
            "x": x, "z": z, "shop": shop, "grade": grade,
            "y": math.sin(x) + chance.gauss(0, 0.3) + (shop == "a"),
            "v": 1e3 * x - z, "w": float(chance.choice([0, 1, 1, 2.5])),
        }


COLUMNS = "x DOUBLE, z DOUBLE, shop STRING, grade STRING, y DOUBLE, v DOUBLE, w DOUBLE"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The rows as all.csv and as tables of Parquet: rows in eight files, and small ones that are dirty."""
    folder = tmp_path_factory.mktemp("spark")
    table = list(rows())
    with open(folder / "all.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    (folder / "queries.csv").write_text(
        "x,z\n" + "".join(f"{0.13 * place - 0.5!r},{place % 6}\n" for place in range(101))
        + "25.0,3\n-400.0,2\n")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate())
    session.sparkContext.setLogLevel("ERROR")

    def write(name, rows, schema, files):
        session.createDataFrame(rows, schema).repartition(files).write.parquet(str(folder / name))

    write("rows", [tuple(row.values()) for row in table], COLUMNS, 8)
    dirty = [(1.0, "2"), (2.0, "3"), (float("nan"), "1"), (3.0, None), (None, "5"), (4.0, " NA "), (5.0, "7")]
    write("missing", dirty, "x DOUBLE, y STRING", 2)
    write("wrong", [(1.0, "2"), (2.0, "abc"), (3.0, "4")], "x DOUBLE, y STRING", 1)
    write("infinite", [(1.0, 2.0), (float("inf"), 3.0)], "x DOUBLE, y DOUBLE", 1)
    session.stop()
    return folder


@pytest.fixture(scope="session")
def nadaraya(request, folder):
    return Program(request.config.getoption("--program"), folder)


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def assert_equal(found, expected, tolerance=1e-10):
    """The same columns, and numbers that agree to the tolerance, relative to the largest of a column."""
    found, expected = table(found), table(expected)
    assert len(found) == len(expected) > 0
    assert found[0].keys() == expected[0].keys()
    for name in expected[0]:
        if not name.endswith("_hat") and name != "criterion":
            assert [row[name] for row in found] == [row[name] for row in expected]
            continue
        numbers = [float(row[name]) for row in expected]
        largest = max((abs(number) for number in numbers if math.isfinite(number)), default=1)
        for row, number in zip(found, numbers):
            other = float(row[name])
            assert other == number or (math.isnan(other) and math.isnan(number)) or (
                abs(other - number) <= tolerance * max(largest, 1)), (row, number)
