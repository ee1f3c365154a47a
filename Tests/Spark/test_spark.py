"""`nadaraya spark` against `nadaraya predict` over the same rows, and what happens when things go wrong.

A start of Spark takes most of a test's time, so questions that need nothing of their own share one.
"""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import CLUSTER, assert_equal, table

ROWS = "parquet.`rows`"

# What `spark` and `predict` are asked alike.
QUESTIONS = {
    "gaussian": ["-x", "x", "-y", "y,v", "--bandwidth", "0.3"],
    "line": ["-x", "x", "-y", "y", "--weights", "w", "--bandwidth", "0.2", "--degree", "1"],
    "tricube": ["-x", "x", "-y", "y", "--kernel", "tricube", "--bandwidth", "0.4", "--empty", "mean"],
    "boxcar": ["-x", "x", "-y", "y", "--kernel", "boxcar", "--bandwidth", "0.1", "--degree", "1"],
    "product": ["-x", "x,z", "-y", "y", "--kernel", "logistic", "--bandwidth", "0.3,1"],
    "radial": [
        "-x", "x,z", "-y", "y", "--kernel", "epanechnikov", "--radial", "--bandwidth", "0.5,2",
        "--degree", "1"],
    "cauchy": ["-x", "x", "-y", "y", "--kernel", "cauchy", "--bandwidth", "0.05", "--weights", "w"],
    "laplacian": ["-x", "x", "-y", "v", "--kernel", "laplacian", "--bandwidth", "0.5"],
}


def run_statements(folder, statements, files=()):
    """The lines that one spark-sql writes for each of several statements."""
    marked = "".join(f"SELECT '=== {name}';\n{text}\n" for name, text in statements.items())
    (folder / "statements.sql").write_text(marked)
    shipped = ["--files", ",".join(map(str, files))] if files else []
    result = subprocess.run(
        ["spark-sql", *CLUSTER, *shipped, "-f", "statements.sql"], cwd=folder, capture_output=True,
        text=True, timeout=300)
    assert result.returncode == 0, result.stderr[-4000:]
    parts = re.split(r"^=== (.*)$", result.stdout, flags=re.MULTILINE)
    return {
        name: "".join(line + "\n" for line in text.splitlines() if re.match(r"-?\d+\t\d+\t\d+\t", line))
        for name, text in zip(parts[1::2], parts[2::2])}


def test_statements_give_what_predict_does(nadaraya, folder):
    """Of both engines: the printed statements, run elsewhere, and their sums merged."""
    statements = {}
    for name, question in QUESTIONS.items():
        for engine in ["native", "sql"]:
            if (name, engine) == ("boxcar", "sql"):
                continue
            printed = nadaraya(
                "spark", "--table", ROWS, "--at", "queries.csv", *question, "--engine", engine,
                "--print-sql", *(["--ship-to", "parcel"] if engine == "native" else []))
            assert printed.returncode == 0, printed.stderr
            statements[f"{name} {engine}"] = printed.stdout
    lines = run_statements(folder, statements, (folder / "parcel").iterdir())
    for name, question in QUESTIONS.items():
        expected = nadaraya("predict", "all.csv", "--at", "queries.csv", *question)
        for engine in ["native", "sql"]:
            if f"{name} {engine}" not in lines:
                continue
            merged = nadaraya(
                "merge", "--at", "queries.csv", *question, stdin=lines[f"{name} {engine}"])
            assert merged.returncode == 0, (name, engine, merged.stderr)
            assert_equal(merged.stdout, expected.stdout)


def test_grid_and_labels(nadaraya, folder):
    """What must be known of the table first, its ranges and its levels, is asked of it."""
    question = [
        "-x", "x", "--factor", "shop", "--ordered", "grade", "--levels", "grade=low,mid,high", "-y", "y",
        "--bandwidth", "0.5,0.2,0.4", "--degree", "1", "--grid", "5"]
    found = nadaraya.spark("--table", ROWS, *question)
    assert found.returncode == 0, found.stderr
    expected = nadaraya("predict", "all.csv", *question)
    # Rows of a cluster have no first, so levels without order stand in that of their characters.
    place = lambda row: (row["shop"], ["low", "mid", "high"].index(row["grade"]), float(row["x"]))
    rows = sorted(table(expected.stdout), key=place)
    header = ",".join(rows[0])
    assert_equal(
        found.stdout, "\n".join([header] + [",".join(row.values()) for row in rows]) + "\n")


def test_path_of_bandwidths(nadaraya):
    """With all rows asked about, leave-one-out errors are those of `bandwidth`."""
    question = [
        "-x", "x", "-y", "y", "--weights", "w", "--bandwidth", "loo", "--path", "4", "--from", "0.02", "--to", "2"]
    found = nadaraya.spark("--table", ROWS, *question)
    assert found.returncode == 0, found.stderr
    expected = nadaraya("bandwidth", "all.csv", *question)
    assert_equal(found.stdout, expected.stdout)


def test_missing_values_are_dropped_and_counted(nadaraya, folder):
    found = nadaraya.spark(
        "--table", "parquet.`missing`", "-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "1",
        "--missing", "drop", "--engine", "sql")
    assert found.returncode == 0, found.stderr
    assert "4 rows with missing values left out" in found.stderr
    (folder / "kept.csv").write_text("x,y\n1,2\n2,3\n5,7\n")
    expected = nadaraya(
        "predict", "kept.csv", "-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "1")
    assert_equal(found.stdout, expected.stdout)


@pytest.mark.parametrize(
    "name,words",
    [
        ("missing", ["missing value", '"y"']),
        ("wrong", ["abc", '"x":2.0', "not a number"]),
    ])
def test_a_row_that_does_not_serve_fails_the_job_with_its_content(nadaraya, folder, name, words):
    result = nadaraya.spark(
        "--table", f"parquet.`{name}`", "-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "1",
        "--output", "never.csv", *(["--missing", "drop"] if name == "wrong" else []))
    assert result.returncode == 65
    for word in words:
        assert word in result.stderr
    assert result.stderr.startswith("error: ")
    assert not (folder / "never.csv").exists()


def script(folder, name, text):
    path = folder / name
    path.write_text("#!/bin/bash\n" + text)
    path.chmod(0o755)
    return str(path)


def test_a_program_that_fails_fails_the_job(nadaraya, folder):
    broken = script(folder, "broken", "cat >/dev/null; exit 3\n")
    result = nadaraya.spark(
        "--table", ROWS, "-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "1", "--program",
        broken, "--output", "never.csv")
    assert result.returncode not in (0, 64)
    assert result.stderr.startswith("error: ")
    assert not (folder / "never.csv").exists()


def test_a_first_attempt_that_fails_is_retried(nadaraya, folder):
    """The first partition's program dies in the middle of its rows."""
    marker = folder / "failed-once"
    # The check of one row is let pass.
    wrapper = script(
        folder, "unlucky",
        f"""
if [[ "$1" == partial && -e {folder}/armed ]] && mkdir {marker} 2>/dev/null; then
  head -c 1000 >/dev/null
  kill -9 $$
fi
touch {folder}/armed
exec {nadaraya.path} "$@"
""")
    question = ["-x", "x", "-y", "y,v", "--at", "queries.csv", "--bandwidth", "0.3"]
    found = nadaraya.spark("--table", ROWS, *question, "--program", wrapper)
    assert found.returncode == 0, found.stderr
    assert marker.is_dir(), "nothing has failed"
    assert_equal(found.stdout, nadaraya("predict", "all.csv", *question).stdout)


def executors():
    """The processes of the cluster's executors."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"CoarseGrainedExecutorBackend" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            pass
    return found


def test_an_executor_killed_in_mid_job_changes_nothing(nadaraya, folder):
    started = folder / "started"
    started.mkdir()
    slow = script(
        folder, "slow",
        f"""
if [[ "$1" == partial ]]; then touch {started}/$$; sleep 3; fi
exec {nadaraya.path} "$@"
""")
    question = ["-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "0.3"]
    before = set(executors())
    job = nadaraya.start("--table", ROWS, *question, "--program", slow)
    # The first script is that of the check; by the third the table's own rows are under way.
    deadline = time.monotonic() + 120
    while len(list(started.iterdir())) < 3 and time.monotonic() < deadline and job.poll() is None:
        time.sleep(0.2)
    victims = sorted(set(executors()) - before)
    assert victims, "there is no executor to kill"
    os.kill(victims[0], signal.SIGKILL)
    output, error = job.communicate(timeout=240)
    assert job.returncode == 0, error
    assert_equal(output, nadaraya("predict", "all.csv", *question).stdout)


def test_what_is_missing_is_said(nadaraya):
    """No Spark, no table: a sentence, a hint, an exit code."""
    question = ["-x", "x", "-y", "y", "--at", "queries.csv", "--bandwidth", "1"]
    alone = subprocess.run(
        [nadaraya.path, "spark", "--table", "t", *question], cwd=nadaraya.folder, capture_output=True,
        text=True, env={"PATH": "/usr/bin:/bin"})
    assert alone.returncode == 69
    assert "spark-sql is neither in SPARK_HOME/bin nor on the PATH" in alone.stderr
    absent = nadaraya.spark("--table", "nowhere", *question, "--engine", "sql")
    assert absent.returncode == 66
    assert "`nowhere` cannot be found" in absent.stderr
