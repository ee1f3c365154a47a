"""`nadaraya spark` on a real cluster beside `nadaraya predict` over the same rows.

A start of Spark costs ten seconds and more, so the statements that need no answer of their own are
written by --print-sql, run by one spark-sql, and finished by `nadaraya merge`.
"""

import csv
import io
import json
import math
import os
import random
import stat

import pytest

TOLERANCE = 1e-10
ROWS = 20_000
KERNELS = ["gaussian", "boxcar", "constant", "triangular", "epanechnikov", "biweight", "triweight",
           "tricube", "cosine", "laplacian", "logistic", "cauchy"]
HEADER = ["x", "z", "trade", "grade", "y", "v", "w"]

ONE = ["-x", "x", "-y", "y,v", "--weights", "w", "--at", "one.csv"]
TWO = ["-x", "x,z", "-y", "y", "--at", "two.csv"]
LABELS = ["-x", "x", "--factor", "trade", "--ordered", "grade", "-y", "y"]
ORDER = ["--levels", "grade=low,middle,high"]

# What is computed in one start: a name, the question, the engine.
CASES = (
    [(f"sql {kernel}", ONE + ["--kernel", kernel, "--bandwidth", "0.7"], "sql") for kernel in KERNELS]
    + [(f"sql radial {kernel}", TWO + ["--radial", "--kernel", kernel, "--bandwidth", "0.7,1.5"], "sql")
       for kernel in ["tricube", "logistic"]]
    + [("sql line", ONE + ["--degree", "1", "--bandwidth", "0.7"], "sql"),
       ("sql plane", TWO + ["--degree", "1", "--kernel", "biweight", "--bandwidth", "0.9,1.5"], "sql"),
       ("gaussian", ONE + ["--bandwidth", "0.7"], "native"),
       ("far", ONE + ["--bandwidth", "0.001", "--empty", "mean"], "native"),
       ("line", ONE + ["--degree", "1", "--kernel", "epanechnikov", "--bandwidth", "0.7"], "native"),
       ("radial", TWO + ["--radial", "--kernel", "biweight", "--bandwidth", "0.7,1.5"], "native"),
       ("plane", TWO + ["--degree", "1", "--bandwidth", "0.7,1.5"], "native"),
       ("product", TWO + ["--kernel", "laplacian", "--bandwidth", "0.7,1.5"], "native")]
)


def read(text):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows[0], rows[1:]


def assert_equal(result, expected):
    """Tables agree to the tolerance, relative to values of about 10."""
    assert result.returncode == 0, result.stderr
    assert expected.returncode == 0, expected.stderr
    (header, rows), (other, truth) = read(result.stdout), read(expected.stdout)
    assert header == other
    assert len(rows) == len(truth) > 0
    for row, true in zip(rows, truth):
        for name, field, value in zip(header, row, true):
            if field != value:
                found, right = float(field), float(value)
                assert math.isclose(found, right, rel_tol=TOLERANCE, abs_tol=10 * TOLERANCE) or (
                    math.isnan(found) and math.isnan(right)), (name, row, true)


def executable(cluster, name, text):
    path = cluster.folder / name
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# What a statement, a client of Spark, a setting or an indentation could read in a way of its own.
ODD = {"x": "a\nb\n\n  c", "z": "q\"u'`o`;te \\ /* -- ", "trade": "${system:user.home}\r\n$t", "y": "größe; -- \n",
       "w": "`w`\t$w"}
# Braces in a path are Spark's own patterns.
ODD_FOLDER = "odd ;`$\"'\n -- x"
ODD_QUESTION = ["-x", ODD["x"], "-x", ODD["z"], "-y", ODD["y"], "--weights", ODD["w"]]


def write_odd(folder):
    """The same rows under odd names, as JSON for Spark and as CSV for the tool, and queries."""
    chance = random.Random(1)
    rows = [dict(zip(ODD.values(), [chance.uniform(0, 5), chance.gauss(0, 1), chance.choice(["p;q", "'r'", "$s"]),
                                    chance.gauss(0, 1), chance.choice([0.5, 1])])) for _ in range(200)]
    (folder / ODD_FOLDER).mkdir()
    for part in range(2):
        (folder / ODD_FOLDER / f"{part}.json").write_text(
            "".join(json.dumps(row) + "\n" for row in rows[part::2]), newline="")
    with open(folder / "odd.csv", "w", newline="") as file:
        csv.writer(file).writerows([list(ODD.values())] + [list(row.values()) for row in rows])
    with open(folder / "odd-queries.csv", "w", newline="") as file:
        csv.writer(file).writerows([[ODD["x"], ODD["z"]], [1, 0], [2.5, 0.5], [4, -1]])
    with open(folder / "odd-labels.csv", "w", newline="") as file:
        csv.writer(file).writerows([[ODD["x"], ODD["z"], ODD["trade"]], [1, 0, "p;q"], [2.5, 0.5, "'r'"], [4, -1, "$s"]])


def odd_table(folder):
    return "json.`" + f"{folder}/{ODD_FOLDER}".replace("`", "``") + "`"


@pytest.fixture(scope="session")
def tables(cluster):
    """The same rows as a CSV file for the tool and as parts for Spark, and queries."""
    chance = random.Random(0)
    rows = []
    for _ in range(ROWS):
        x = chance.uniform(0, 10)
        z = chance.gauss(0, 3)
        trade = chance.choice(["smith", "baker", "cook's; \"é\""])
        grade = chance.choice(["low", "middle", "high"])
        y = 5 * math.sin(x) + z + chance.gauss(0, 1) + len(trade)
        rows.append([x, z, trade, grade, y, 1e3 * y * y, chance.choice([0, 0.5, 1, 3])])
    folder = cluster.folder
    with open(folder / "rows.csv", "w", newline="") as file:
        csv.writer(file).writerows([HEADER] + rows)
    (folder / "parts").mkdir()
    for part in range(4):
        with open(folder / "parts" / f"{part}.csv", "w", newline="") as file:
            # Spark reads a quote within quotes by a backslash.
            csv.writer(file, csv.excel, quoting=csv.QUOTE_ALL, doublequote=False,
                       escapechar="\\").writerows(rows[part::4])
    # One row of each kind of missing value beside good ones.
    (folder / "dirty").mkdir()
    dirty = [[1, 2], [2, "NA"], ["", 3], [3, 4], [" nan ", 1], [2.5, "None"], [4, 5]]
    with open(folder / "dirty" / "0.csv", "w", newline="") as file:
        csv.writer(file).writerows(dirty)
    with open(folder / "clean.csv", "w", newline="") as file:
        csv.writer(file).writerows([["_c0", "_c1"], [1, 2], [3, 4], [4, 5]])
    (folder / "wrong").mkdir()
    (folder / "wrong" / "0.csv").write_text("1,2\n2,abc\n3,4\n")
    (folder / "one.csv").write_text("x\n0\n1.25\n5\n9.875\n10.5\n")
    (folder / "two.csv").write_text("x,z\n0,0\n1.25,-2\n5,1\n9.875,2.5\n10.5,0.5\n")
    (folder / "dirty-queries.csv").write_text("_c0\n1\n2.5\n")
    write_odd(folder)
    return folder


@pytest.fixture(scope="session")
def answers(cluster, tables):
    """The sums of all cases and of the dirty rows with --missing drop, from one start."""
    columns = ", ".join(
        f"CAST(_c{place} AS {'STRING' if name in ('trade', 'grade') else 'DOUBLE'}) AS {name}"
        for place, name in enumerate(HEADER))
    text = [f"CREATE TABLE made USING parquet LOCATION '{tables}/keys' AS "
            f"SELECT {columns} FROM csv.`{tables}/parts`;"]
    files = set()
    cases = [(name, ["--table", f"parquet.`{tables}/keys`"] + question, engine)
             for name, question, engine in CASES]
    cases += [(f"dirty {engine}", ["--table", f"csv.`{tables}/dirty`"] + DIRTY, engine)
              for engine in ("native", "sql")]
    cases += [(f"odd {engine}", ["--table", odd_table(tables)] + ODD_JOB, engine) for engine in ("native", "sql")]
    for name, question, engine in cases:
        ship = ["--ship-to", tables] if engine == "native" else []
        result = cluster.run("spark", *question, "--engine", engine, "--print-sql", *ship)
        assert result.returncode == 0, result.stderr
        files.update(line.split()[2].rstrip(",") for line in result.stdout.splitlines()
                     if line.startswith("-- Ship "))
        text += [f"SELECT 'case', '{name}';", result.stdout]
    (tables / "all.sql").write_text("\n".join(text))
    answers, name = {}, None
    for line in cluster.sql("all.sql", sorted(files)).splitlines():
        fields = line.split("\t")
        if fields[0] == "case":
            name = fields[1]
            answers[name] = []
        elif len(fields) == 4:
            answers[name].append(line)
    return answers


ODD_JOB = ODD_QUESTION + ["--bandwidth", "1,2", "--at", "odd-queries.csv"]
DIRTY = ["-x", "_c0", "-y", "_c1", "--bandwidth", "1", "--at", "dirty-queries.csv", "--missing", "drop"]


def finish(cluster, answers, name, question):
    """Estimates from the lines of a case."""
    (cluster.folder / "lines.sums").write_text("\n".join(answers[name]) + "\n")
    return cluster.run("merge", "lines.sums", *question)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_estimates_are_those_of_predict(cluster, answers, case):
    name, question, _ = case
    assert_equal(finish(cluster, answers, name, question), cluster.run("predict", "rows.csv", *question))


@pytest.mark.parametrize("engine", ["native", "sql"])
def test_names_are_taken_as_they_are(cluster, answers, engine):
    assert_equal(finish(cluster, answers, f"odd {engine}", ODD_JOB), cluster.run("predict", "odd.csv", *ODD_JOB))


def test_a_program_brings_its_libraries_and_leaves_nothing_behind(cluster, plain, tables, tmp_path):
    """Odd names once more, through a survey, where a locale knows no letter but those of ASCII."""
    options = ODD_QUESTION + ["--factor", ODD["trade"], "--bandwidth", "1,2,0.1", "--at", tables / "odd-labels.csv"]
    expected = cluster.run("predict", tables / "odd.csv", *options)
    result = cluster.spark("--table", odd_table(tables), *options, program=plain, folder=tmp_path, LC_ALL="C")
    assert_equal(result, expected)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("engine", ["native", "sql"])
def test_missing_rows_are_left_out_and_counted(cluster, answers, engine):
    question = DIRTY[:-2]
    result = finish(cluster, answers, f"dirty {engine}", question)
    assert_equal(result, cluster.run("predict", "clean.csv", *question))
    assert "4 rows with missing values left out" in result.stderr


def test_labels_and_a_grid(cluster, answers, tables):
    options = LABELS + ORDER + ["--grid", "3", "--bandwidth", "0.7,0.2,0.4", "--ordered-kernel", "wang-van-ryzin"]
    expected = cluster.run("predict", "rows.csv", *options)
    result = cluster.spark("--table", f"parquet.`{tables}/keys`", *options)
    header, rows = read(expected.stdout)
    # Rows of a cluster have no first, so labels without order are in the order of their characters.
    levels = sorted({row[0] for row in rows})
    rows.sort(key=lambda row: levels.index(row[0]))
    expected.stdout = "\n".join(
        ",".join('"' + field.replace('"', '""') + '"' for field in row) for row in [header] + rows)
    assert_equal(result, expected)


def test_labels_in_sql(cluster, answers, tables):
    (tables / "labelled.csv").write_text("x,trade,grade\n1,smith,low\n9,baker,high\n5.5,smith,middle\n")
    options = LABELS + ORDER + ["--at", "labelled.csv", "--bandwidth", "0.7,0.3,0.4", "--kernel", "tricube",
                                "--factor-kernel", "li-racine"]
    result = cluster.spark("--table", f"parquet.`{tables}/keys`", "--engine", "sql", *options)
    assert_equal(result, cluster.run("predict", "rows.csv", *options))


def test_a_path_of_leave_one_out_errors(cluster, answers, tables):
    (tables / "few").mkdir()
    header, rows = read((tables / "rows.csv").read_text())
    with open(tables / "few" / "0.csv", "w", newline="") as file:
        csv.writer(file).writerows([row[0], row[4]] for row in rows[:200])
    with open(tables / "few" / "1.csv", "w", newline="") as file:
        csv.writer(file).writerows([row[0], row[4]] for row in rows[200:500])
    with open(tables / "few.csv", "w", newline="") as file:
        csv.writer(file).writerows([["_c0", "_c1"]] + [[row[0], row[4]] for row in rows[:500]])
    options = ["-x", "_c0", "-y", "_c1", "--bandwidth", "loo", "--path", "7"]
    result = cluster.spark("--table", f"csv.`{tables}/few`", *options)
    assert_equal(result, cluster.run("bandwidth", "few.csv", *options))


def test_a_wrong_row_fails_the_job_with_its_content(cluster, tables):
    result = cluster.spark("--table", f"csv.`{tables}/wrong`", "-x", "_c0", "-y", "_c1", "--bandwidth", "1",
                           "--at", "dirty-queries.csv", "--missing", "drop", "-o", "wrong-out.csv")
    assert result.returncode == 65
    assert 'column "_c1" is not a number in the row {"_c0":"2","_c1":"abc"}' in result.stderr.splitlines()[0]
    assert not (tables / "wrong-out.csv").exists()


FLAKY = """#!/bin/bash
# The program, whose second run on rows fails, and whose fourth takes its executor along.
input="$(cat; echo .)"
if [[ "$1" == partial && "${{#input}}" -gt 100 ]]; then
  number=1
  while ! mkdir "{folder}/attempt-$number" 2>/dev/null; do number=$((number + 1)); done
  if ((number == 2)); then exit 1; fi
  if ((number == 4)); then
    parent=$PPID
    while ! grep -q CoarseGrainedExecutorBackend "/proc/$parent/cmdline"; do
      parent=$(awk '/^PPid/ {{ print $2 }}' "/proc/$parent/status")
    done
    kill -9 "$parent"
    touch "{folder}/killed"
  fi
fi
printf '%s' "${{input%.}}" | "{program}" "$@"
"""


def test_a_failed_attempt_and_a_killed_executor_change_nothing(cluster, answers, tables):
    flaky = executable(cluster, "flaky", FLAKY.format(folder=tables, program=cluster.program))
    options = ["-x", "x", "-y", "y", "--bandwidth", "0.7", "--at", "one.csv"]
    result = cluster.spark("--table", f"parquet.`{tables}/keys`", *options, "--repartition", "6",
                           "--program", flaky)
    assert_equal(result, cluster.run("predict", "rows.csv", *options))
    # Six partitions, one attempt that failed, one whose executor died with what it had.
    assert (tables / "attempt-8").exists()
    assert (tables / "killed").exists()


def test_a_program_that_cannot_run_is_found_before_the_rows_are_read(cluster, tables):
    broken = executable(cluster, "broken", "#!/no/such/shell\n")
    result = cluster.spark("--table", "no_such_table", "-x", "x", "-y", "y", "--bandwidth", "1",
                           "--at", "one.csv", "--program", broken)
    assert result.returncode == 69
    assert result.stderr.startswith("error: the executors could not run the program")


def test_a_missing_table_is_one_sentence_and_a_hint(cluster, tables):
    result = cluster.spark("--table", "no_such_table", "-x", "x", "-y", "y", "--bandwidth", "1",
                           "--at", "one.csv", "--engine", "sql")
    assert result.returncode == 66
    sentence, hint = result.stderr.splitlines()
    assert sentence.startswith("error: The table or view `no_such_table` cannot be found")
    assert hint.startswith("hint: ")


def test_nothing_stays_in_the_temporary_folder(cluster):
    assert not [name for name in os.listdir(cluster.temporary) if name.startswith("nadaraya-")]
