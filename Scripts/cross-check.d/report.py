"""Comparisons, what is expected of them, and the table."""

from dataclasses import dataclass, field

import numpy

# Where fits to mcycle are compared.
POINTS = numpy.linspace(3, 57, 61)


def difference(ours, theirs):
    """The largest, relative to the peer's largest number; infinite where one alone is missing."""
    ours, theirs = (numpy.atleast_1d(numpy.asarray(part, dtype=float)) for part in (ours, theirs))
    if (numpy.isnan(ours) != numpy.isnan(theirs)).any():
        return numpy.inf
    known = ~numpy.isnan(ours)
    return float(abs(ours - theirs)[known].max() / abs(theirs[known]).max())


@dataclass
class Evidence:
    """A number that is to be small: it shows that a disagreement is what it is said to be."""

    text: str
    number: float
    bound: float = 1e-10

    @property
    def holds(self):
        return self.number <= self.bound


@dataclass
class Comparison:
    peer: str
    what: str
    number: float | None = None  # None: nothing to compare
    bound: float = 1e-10
    known: str = ""  # why they differ; empty where they should agree
    evidence: list = field(default_factory=list)
    missing: str = ""
    notes: list = field(default_factory=list)

    @property
    def verdict(self):
        if self.number is None:
            return "not compared"
        if not all(piece.holds for piece in self.evidence):
            return "NOT EXPLAINED"
        if self.known:
            return "known" if self.number > self.bound else "NO LONGER DIFFERS"
        return "agrees" if self.number <= self.bound else "DIFFERS"

    @property
    def fine(self):
        return self.verdict in ("agrees", "known", "not compared")


def show(comparisons, contestant):
    width = max(len(row.peer) for row in comparisons)
    wide = max(len(row.what) for row in comparisons)
    print(f"Largest differences of {contestant} from its peers, relative to the largest number.\n")
    print(f"{'peer':{width}}  {'what':{wide}}  {'differs by':>10}  verdict")
    for row in comparisons:
        number = "" if row.number is None else f"{row.number:.1e}"
        print(f"{row.peer:{width}}  {row.what:{wide}}  {number:>10}  {row.verdict}")
        for line in filter(None, (row.missing, row.known, *row.notes)):
            print(f"{'':{width}}    {line}")
        for piece in row.evidence:
            mark = "" if piece.holds else f", more than {piece.bound:.0e}"
            print(f"{'':{width}}    evidence: {piece.text}: {piece.number:.1e}{mark}")
    wrong = [row for row in comparisons if not row.fine]
    skipped = sum(row.number is None for row in comparisons)
    print(f"\n{len(comparisons) - len(wrong) - skipped} as expected, {len(wrong)} not, "
          f"{skipped} not compared")
    return not wrong
