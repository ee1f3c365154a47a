"""What engines.py writes: a page of tables, the raw data, the rows of the figure."""

import itertools
import statistics
import sys

from suite import contestants, tables

OURS = "nadaraya"

# An estimate this far from the truth at some query is no answer to the problem.
WRONG = 1e-3


def raw_data(facts, cells):
    return tables.raw_data(facts, cells)


def title(name):
    return "Nadaraya" if name == OURS else contestants.PEERS[name].title


def ratios(cell, name):
    """The quartiles of a contestant's time over ours in the same round; None without ours."""
    if OURS not in cell["contestants"]:
        return None
    ours, theirs = (cell["contestants"][one]["seconds"] for one in (OURS, name))
    quotients = [their / our for their, our in zip(theirs, ours)]
    if len(quotients) == 1:
        return quotients * 3
    return statistics.quantiles(quotients, n=4, method="inclusive")


def duration(seconds):
    if seconds < 0.0995:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 999.5 else f"{seconds:.0f} s"


def size(count):
    mebibytes = count / 2**20
    return f"{mebibytes:,.0f} MiB" if mebibytes >= 9.95 else f"{mebibytes:.1f} MiB"


def quotient(ratio):
    return f"{ratio:,.0f}" if ratio >= 99.5 else f"{ratio:.2g}" if ratio < 0.1 else f"{ratio:.3g}"


def error(facts):
    if "checked" not in facts:
        return ""
    largest = facts["error"]
    words = []
    if largest is not None:
        words.append(f"{largest:.1e}" if largest < sys.float_info.max else "infinite")
    counts = {"lacks": facts["missing"], "invents": facts["invented"]}
    words += [f"{verb} {count:,}" for verb, count in counts.items() if count]
    return "; ".join(words)


def case_rows(cell):
    """A row for each contestant, ours first, and one for each that is absent."""
    first = f"{cell['title']}; n = {cell['size']:,}"
    for name, facts in cell["contestants"].items():
        low, middle, high = ratios(cell, name) or (None, None, None)
        who = title(name) + (f" ({facts['engine']})" if "engine" in facts else "")
        yield [
            first, who, duration(statistics.median(facts["seconds"])),
            f"{quotient(middle)} ({quotient(low)} to {quotient(high)})"
            if middle and name != OURS else "",
            error(facts), size(facts["peak_memory"])]
        first = ""
    for name in cell["absent"]:
        yield [first, title(name), "absent", "", "", ""]
        first = ""


def group_tables(cells):
    header = [
        "case", "who", "median time", "time over ours (quartiles)", "largest relative error",
        "peak memory"]
    for group, members in itertools.groupby(cells, key=lambda cell: cell["group"]):
        rows = [row for cell in members for row in case_rows(cell)]
        yield f"## {group}\n\n{tables.markdown(header, rows, words=2)}"


def growth_table(cells):
    """Time and memory a point as the number of points grows."""
    rows = []
    for cell in cells:
        facts = cell["contestants"].get(OURS)
        if cell["group"] == "Growth" and facts:
            median = statistics.median(facts["seconds"])
            # Keys, queries, values and estimates, in doubles.
            arrays = 8 * cell["size"] * (2 * cell["dimension"] + 2)
            rows.append([
                f"{cell['size']:,}", duration(median), f"{median / cell['size'] * 1e9:,.0f} ns",
                size(facts["peak_memory"]), size(arrays)])
    if not rows:
        return ""
    header = ["keys and queries", "median time", "a point", "peak memory", "of it the arrays"]
    return f"\n## Time and memory a point\n\n{tables.markdown(header, rows)}"


def absences(cells):
    """Who is absent from which case, and why."""
    lines = [
        f"| {cell['title']} | {title(name)} | {reason} |"
        for cell in cells for name, reason in cell["absent"].items()]
    if not lines:
        return "Nobody is absent.\n"
    return "\n".join(["| case | absent | because |", "| :-- | :-- | :-- |", *lines]) + "\n"


def page(facts, cells):
    host, settings = facts["machine"], facts["settings"]
    versions = ", ".join(
        f"{package} {version}" for package, version in facts["versions"].items())
    is_quick = " --quick" if settings["quick"] else ""
    body = "\n".join(group_tables(cells))
    return f"""# Engines and peers

Written by `python3 Benchmarks/engines.py{is_quick}`; raw data in [engines.json](engines.json).

![How many times as long as Nadaraya others take, by case](engines.svg)

| | |
|:--|:--|
| date | {facts["date"]} |
| processor | {host["processor"]}, {host["cores"]} cores, {settings["threads"]} threads each |
| system | {host["system"]} |
| compilers | {host["swift"]}; {host["clang"]} |
| versions | Python {host["python"]}, {versions} |
| rounds | {settings["rounds"]}, contestants by turns; {facts["rounds_repeated"]} repeated because \
other programs disturbed them, {facts["rounds_disturbed"]} kept though they were |
| engine asked for | {settings["engine"]} |

Times run from arrays in memory to estimates, everything in between included. Errors are relative,
the largest over a random sample of queries and the worst placed ones, against sums in extended
precision (`suite/reference.py`); *lacks* counts queries that got no estimate though keys support
them, *invents* those that got one though none does. Memory is the process's peak, interpreter,
libraries and data included.

{body}{growth_table(cells)}
## Absent

{absences(cells)}"""


def figure_rows(cells):
    """Lines of name, low, middle, high, kind with tabs between them for `ratio-figure`."""
    for cell in cells:
        for name, facts in cell["contestants"].items():
            quartiles = ratios(cell, name)
            if name == OURS or quartiles is None:
                continue
            words = f"{cell['title']}: {title(name)}"
            yield "\t".join([words, *map(str, quartiles), kind(name, facts)])


def kind(name, facts):
    """What `ratio-figure` calls a contestant."""
    if name in contestants.YARDSTICKS:
        return "yardstick"
    is_wrong = (facts["error"] or 0) > WRONG or facts["missing"] or facts["invented"]
    return "wrong" if is_wrong else "peer"
