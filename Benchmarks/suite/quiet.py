"""Repeats a measurement that other programs disturbed."""

import os
import pathlib
import time


class Watch:
    """Takes a measurement again where other programs left it no processors of its own.

    A thread needs a processor: a measurement is disturbed where the others together used more than
    all but `threads`, give or take a tenth. At most `patience` measurements are repeated, so that a
    busy machine costs time but does not hang; what was disturbed and kept all the same is counted.
    """

    def __init__(self, patience, threads=1):
        self.patience = patience
        self.spare = max(0, os.cpu_count() - threads) + 0.1
        self.repeated = 0
        self.kept = 0

    def undisturbed(self, measure, helpers=()):
        """`helpers` are the numbers of child processes that do the work and go on living."""
        while True:
            start = usage(helpers)
            result = measure()
            if others_between(start, usage(helpers)) <= self.spare:
                return result
            if self.repeated == self.patience:
                self.kept += 1
                return result
            self.repeated += 1
            time.sleep(1)


def usage(helpers=()):
    """Seconds: of the clock, of all processors' work, and of this script's and its children's.

    A child counts when it has ended; those among `helpers` count while they live.
    """
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, fields[:8])
    work = user + nice + system + interrupts + soft_interrupts + stolen
    ticks = os.sysconf("SC_CLK_TCK")
    living = sum(map(ticks_of, helpers)) / ticks
    return time.monotonic(), work / ticks, sum(os.times()[:4]) + living


def ticks_of(process):
    """The work of a living process with all its threads."""
    # The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def others_between(start, end):
    """How many processors all other programs used on average."""
    clock, work, own = (later - earlier for earlier, later in zip(start, end))
    return (work - own) / clock
