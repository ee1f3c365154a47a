"""Repeats a measurement that other programs disturbed."""

import os
import pathlib
import time


class Watch:
    """Takes a measurement again where other programs left it no processor of its own.

    One thread needs one processor: a measurement is disturbed where the others together used more
    than all but one, give or take a tenth. At most `patience` measurements are repeated, so that a
    busy machine costs time but does not hang; what was disturbed and kept all the same is counted.
    """

    def __init__(self, patience):
        self.patience = patience
        self.repeated = 0
        self.kept = 0

    def undisturbed(self, measure):
        while True:
            start = usage()
            result = measure()
            if others_between(start, usage()) <= os.cpu_count() - 1 + 0.1:
                return result
            if self.repeated == self.patience:
                self.kept += 1
                return result
            self.repeated += 1
            time.sleep(1)


def usage():
    """Seconds: of the clock, of all processors' work, and of this script's and its children's."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, fields[:8])
    work = user + nice + system + interrupts + soft_interrupts + stolen
    return time.monotonic(), work / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4])


def others_between(start, end):
    """How many processors all other programs used on average."""
    clock, work, own = (later - earlier for earlier, later in zip(start, end))
    return (work - own) / clock
