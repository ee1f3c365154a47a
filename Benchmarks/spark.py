#!/usr/bin/env python3
"""What `nadaraya spark` makes of a table on a cluster: rows a second, and what one partition costs.

    Scripts/install PREFIX && python3 Benchmarks/spark.py --tool PREFIX/bin/nadaraya [--rows N]
        [--rounds N] [--master M] [--queries M,…] [--sql-queries M,…] [--output DIR]

* A Parquet table of 10⁷ rows, x uniform on [0, 10), y = sin x with noise, made once by Spark itself
  and kept in Benchmarks/.build-data. Asked for are 11, 101 and 10⁴ evenly spaced queries with a
  Gaussian kernel, of the shipped program and, as far as --sql-queries say, of Spark's SQL alone. A time
  is that of the whole process, start of Spark, shipping and check included, less that of a spark-sql
  which counts ten rows: the start.
  Processor seconds are those that the system counts for the process and for all that it has waited for.
* 10⁶ rows of the same kind, as the text that an executor gives to `nadaraya partial -`, beside
  `nadaraya predict` on a CSV file and on an .npy file of the same rows; one thread each.

Medians of the rounds, in each of which all have their turn. The two engines' estimates have to agree
to 1e-10. spark-sql is taken from SPARK_HOME or from the PATH, or else installed into
Benchmarks/.build-venv; it needs Java.
"""

import argparse
import array
import json
import math
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from suite import environment, machine

ROOT = pathlib.Path(__file__).resolve().parent
RESULTS = ROOT / "Results"
DATA = ROOT / ".build-data"
PYSPARK = "pyspark==4.3.0"
BANDWIDTH = "0.05"
PART_ROWS = 1_000_000
QUESTION = ["--kernel", "gaussian", "--bandwidth", BANDWIDTH]


def find_spark():
    """Puts spark-sql on the PATH; says its version."""
    home = os.environ.get("SPARK_HOME")
    if home:
        os.environ["PATH"] = f"{home}/bin:{os.environ['PATH']}"
    if shutil.which("spark-sql") is None:
        environment.installed(PYSPARK)
        os.environ["PATH"] = f"{environment.interpreter().parent}:{os.environ['PATH']}"
    said = subprocess.run(["spark-sql", "--version"], capture_output=True, text=True)
    words = said.stderr.split()
    return words[words.index("version") + 1] if "version" in words else "unknown"


def spark_options(master):
    return ["--master", master, "--conf", "spark.sql.catalogImplementation=in-memory",
            "--conf", "spark.ui.enabled=false"]


def measured(command, **files):
    """Seconds of the clock, and of all processors' work by the process and those it waited for."""
    start = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **files)
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"{command} failed:\n{words[-3000:]}")
    return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime}


def make_table(rows, options):
    """The Parquet table, which Spark writes where there is none of as many rows."""
    folder = DATA / f"spark-{rows}"
    if (folder / "_SUCCESS").exists():
        return folder
    DATA.mkdir(exist_ok=True)
    statement = (
        f"INSERT OVERWRITE DIRECTORY '{folder}' USING parquet "
        "SELECT x, sin(x) + 0.3 * randn(8) AS y "
        f"FROM (SELECT 10 * rand(7) AS x FROM range(0, {rows}, 1, 8))")
    measured(["spark-sql", *options, "-e", statement], stdout=subprocess.DEVNULL)
    return folder


def make_queries(folder, count, name="x"):
    path = folder / f"queries-{name}-{count}.csv"
    path.write_text(
        "\n".join([name, *(repr(10 * place / (count - 1)) for place in range(count))]) + "\n")
    return path


def make_part(folder):
    """The same rows as tab-separated text, CSV and NPY."""
    source = random.Random(7)
    rows = [(x, math.sin(x) + 0.3 * source.gauss(0, 1))
            for x in (source.uniform(0, 10) for _ in range(PART_ROWS))]
    (folder / "part.tsv").write_text("".join(f"{x!r}\t{y!r}\n" for x, y in rows))
    (folder / "part.csv").write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({PART_ROWS}, 2), }}"
    header = header.ljust(117) + "\n"
    with open(folder / "part.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        array.array("d", (number for row in rows for number in row)).tofile(file)


def cluster_jobs(options, table, folder):
    """What is asked of the cluster: a name, a command, and the file of its estimates."""
    spark = spark_options(options.master)
    yield "start", ["spark-sql", *spark, "-e", "SELECT count(*) FROM range(10)"], None
    for engine, counts in (("native", options.queries), ("sql", options.sql_queries)):
        for count in counts:
            output = folder / f"{engine}-{count}.csv"
            yield f"{engine} {count}", [
                options.tool, "spark", "--table", f"parquet.`{table}`", "-x", "x", "-y", "y",
                "--at", make_queries(folder, count), *QUESTION, "--engine", engine,
                "--output", output, "--", *spark], output


def part_jobs(options, folder):
    """What is asked of one partition's rows."""
    for count in options.queries:
        queries = make_queries(folder, count)
        columns = make_queries(folder, count, "c0")
        threads = ["--threads", "1", "--output", folder / "part.out"]
        yield f"partial {count}", [
            options.tool, "partial", "-", "--columns", "x,y", "-x", "x", "-y", "y", "--at", queries,
            *QUESTION, *threads], folder / "part.tsv"
        yield f"csv {count}", [
            options.tool, "predict", folder / "part.csv", "-x", "x", "-y", "y", "--at", queries,
            *QUESTION, *threads, "--format", "csv"], None
        yield f"npy {count}", [
            options.tool, "predict", folder / "part.npy", "-x", "c0", "-y", "c1", "--at", columns,
            *QUESTION, *threads, "--format", "csv"], None


def estimates(path):
    return [float(line.split(",")[1]) for line in path.read_text().splitlines()[1:]]


def largest_difference(options, folder):
    """Between the engines' estimates where both were asked; None where they never were."""
    differences = [
        abs(one - other)
        for count in options.queries if count in options.sql_queries
        for one, other in zip(
            estimates(folder / f"native-{count}.csv"), estimates(folder / f"sql-{count}.csv"),
            strict=True)]
    if not differences:
        return None
    largest = max(differences)
    if not largest <= 1e-10:
        sys.exit(f"the engines differ by {largest}")
    return largest


def take_turns(jobs, rounds, run):
    """All measurements of each job."""
    taken = {name: [] for name, *_ in jobs}
    for number in range(rounds):
        for job in jobs:
            taken[job[0]].append(run(job))
            print(number + 1, job[0], taken[job[0]][-1], file=sys.stderr)
    return taken


def median(runs, what="seconds"):
    return statistics.median(run[what] for run in runs)


def cluster_rows(options, taken):
    """Lines of the first table: the median of each round's time less its start."""
    for engine, counts in (("native", options.queries), ("sql", options.sql_queries)):
        for count in counts:
            runs = taken[f"{engine} {count}"]

            def less_start(what):
                return statistics.median(
                    run[what] - start[what] for run, start in zip(runs, taken["start"]))

            seconds = less_start("seconds")
            rate = f"{options.rows / seconds / 1e6:.2f}" if seconds > 0 else ""
            work = less_start("processor")
            yield (f"| {engine} | {count:,} | {median(runs):.1f} | {seconds:.1f} | {rate}"
                   f" | {work:.1f} | {1e6 * work / options.rows:.2f} |")


def part_rows(options, taken):
    for count in options.queries:
        runs = [taken[f"{kind} {count}"] for kind in ("partial", "csv", "npy")]
        seconds = " | ".join(f"{median(run, 'processor'):.3f}" for run in runs)
        rate = PART_ROWS / median(runs[0], "processor") / 1e6
        yield f"| {count:,} | {seconds} | {rate:.1f} |"


def command_line(options):
    """The options that change what is measured."""
    said = [f"--rows {options.rows}", f"--rounds {options.rounds}"]
    for name in ("queries", "sql_queries"):
        said.append(f"--{name.replace('_', '-')} {','.join(map(str, getattr(options, name)))}")
    return " ".join(said)


def page(options, facts, cluster, part, difference):
    start = cluster["start"]
    agree = "" if difference is None else (
        f" The engines' estimates differ by at most {difference:.1e}.")
    return "\n".join([
        "# A table on a cluster", "",
        f"`python3 Benchmarks/spark.py {command_line(options)}`;"
        f" {'one round' if options.rounds == 1 else 'medians of the rounds'}.", "",
        f"{facts['processor']}, {facts['cores']} cores; {facts['swift']}; Spark {facts['spark']},"
        f" {facts['java']}.", "", *([options.note, ""] if options.note else []),
        f"## {options.rows:,} rows of Parquet", "",
        f"`--master '{options.master}'`: all executors are on this machine, so this is the cost of a row"
        " and not the speed of a cluster. Gaussian kernel, one input, one value, bandwidth a two-hundredth"
        f" of the range. The start, which is taken off, took {median(start):.1f} s and"
        f" {median(start, 'processor'):.1f} processor seconds.{agree}", "",
        "| engine | queries | whole process, s | less the start, s | million rows a second"
        " | processor seconds | of them a row, µs |",
        "|:--|--:|--:|--:|--:|--:|--:|", *cluster_rows(options, cluster), "",
        f"## One partition of {PART_ROWS:,} rows", "",
        "Processor seconds of the whole process, one thread, the same rows as tab-separated text through"
        " `nadaraya partial -` and as files of `nadaraya predict`.", "",
        "| queries | partial, text | predict, CSV | predict, npy | million rows a processor second of partial |",
        "|--:|--:|--:|--:|--:|", *part_rows(options, part), ""])


def numbers(text):
    return [int(number) for number in text.split(",") if number]


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", type=pathlib.Path, default=shutil.which("nadaraya"))
    parser.add_argument("--rows", type=int, default=10**7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part-rounds", type=int, default=5)
    parser.add_argument("--queries", type=numbers, default=[11, 101, 10_000], metavar="M,…")
    parser.add_argument("--sql-queries", type=numbers, default=[11, 101], metavar="M,…")
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    parser.add_argument("--note", default="", help="a sentence for the page, as on what else ran")
    parser.add_argument("--output", type=pathlib.Path, default=RESULTS)
    options = parser.parse_args()
    if options.tool is None:
        parser.error("there is no nadaraya on the PATH; --tool names one")
    options.tool = options.tool.resolve()
    options.output = options.output.resolve()
    return options


def main():
    options = read_options()
    spark = find_spark()
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    facts = machine.describe() | {"spark": spark, "java": java.splitlines()[0]}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Spark leaves folders where it is started.
        os.chdir(folder)
        table = make_table(options.rows, spark_options(options.master))
        make_part(folder)

        def run_part(job):
            _, command, text = job
            if text is None:
                return measured(command)
            with open(text) as rows:
                return measured(command, stdin=rows)

        part = take_turns(list(part_jobs(options, folder)), options.part_rounds, run_part)
        cluster = take_turns(
            list(cluster_jobs(options, table, folder)), options.rounds,
            lambda job: measured(job[1], stdout=subprocess.DEVNULL))
        difference = largest_difference(options, folder)
    options.output.mkdir(parents=True, exist_ok=True)
    raw = {"machine": facts, "master": options.master, "rows": options.rows, "note": options.note,
           "cluster": cluster, "part_rows": PART_ROWS, "part": part, "difference": difference}
    (options.output / "spark.json").write_text(json.dumps(raw, indent=1) + "\n")
    (options.output / "spark.md").write_text(page(options, facts, cluster, part, difference))


if __name__ == "__main__":
    main()
