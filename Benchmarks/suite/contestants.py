"""Programs that take turns: each a process of its own that holds the data and waits for its turn.

`peers/serving.py` says what they understand.
"""

import dataclasses
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import tempfile
import time

from suite import environment

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1]


class Absent(Exception):
    """Why a contestant has no time, in one sentence."""


@dataclasses.dataclass(frozen=True)
class Peer:
    """A program of `peers/`; `requirement` is what pip is asked for, None for one in R."""

    title: str
    program: str
    requirement: str = None
    options: tuple = ()

    @property
    def package(self):
        return self.requirement.partition("==")[0] if self.requirement else "R"


PEERS = {
    "finufft": Peer("FINUFFT", "finufft_sums", "finufft"),
    "stable-sort": Peer("one stable sort", "stable_sort", "numpy"),
    "numpy-prefix-sums": Peer("numpy sort and sums", "numpy_prefix_sums", "numpy"),
    "scikit-learn": Peer("scikit-learn", "scikit_learn", "scikit-learn"),
    "torch-float32": Peer(
        "torch, float32", "torch_attention", "torch==2.13.0+cpu", ("--precision", "float32")),
    "torch-float64": Peer(
        "torch, float64", "torch_attention", "torch==2.13.0+cpu", ("--precision", "float64")),
    "kernsmooth": Peer("r2py_kernsmooth", "kernsmooth_locpoly", "r2py_kernsmooth"),
    "kdepy": Peer("KDEpy", "kdepy_ratio", "KDEpy"),
    "kernelsmooth": Peer("kernelsmooth", "kernelsmooth_pairs", "kernelsmooth"),
    "statsmodels": Peer("statsmodels", "statsmodels_kernel_reg", "statsmodels"),
    "ksmooth": Peer("R ksmooth", "ksmooth.R"),
}

# These compute no estimates and are no peers.
YARDSTICKS = {"stable-sort"}


def install(names):
    """Brings the peers in; returns versions by package, and by name why others are absent."""
    versions, absent = {}, {}
    for name in names:
        peer = PEERS[name]
        try:
            if peer.requirement is None:
                versions[peer.package] = version_of_r()
            else:
                versions[peer.package] = environment.installed(peer.requirement)
        except environment.NotInstalled as reason:
            absent[name] = str(reason)
    return versions, absent


def version_of_r():
    if not shutil.which("Rscript"):
        raise environment.NotInstalled("there is no Rscript on the PATH (Debian: r-base-core)")
    shown = subprocess.run(["Rscript", "--version"], capture_output=True, text=True)
    return re.search(r"[\d.]+\d", shown.stdout + shown.stderr).group()


def command(name):
    """How a peer is started, without the options that tell it the problem."""
    peer = PEERS[name]
    if peer.requirement is None:
        return ["Rscript", str(BENCHMARKS / "peers" / peer.program)]
    return [str(environment.interpreter()), "-m", f"peers.{peer.program}", *peer.options]


def problem_options(case, paths, threads, accuracy):
    options = {
        **paths, "kernel": case.kernel, "combination": case.combination,
        "bandwidths": ",".join([repr(case.bandwidth)] * case.dimension), "threads": threads}
    if accuracy is not None:
        options["accuracy"] = accuracy
    return [part for name, value in options.items() for part in (f"--{name}", str(value))]


class Contestant:
    """One process; made when it has its data and has tried out its settings."""

    # Seconds before a run, in which the threads of whoever ran before stop waiting for more work:
    # OpenMP's keep their processor for up to 0.2 s.
    PAUSE = 0.25

    def __init__(self, name, command, threads, patience):
        self.name = name
        self.patience = patience
        self.seconds = []
        self.facts = {}
        variables = {variable: str(threads) for variable in environment.ONE_THREAD}
        self.complaints = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, cwd=BENCHMARKS, env=os.environ | variables, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.complaints, text=True)
        try:
            self.reply()
        except Absent:
            self.close()
            raise
        self.memory_at_start = self.peak_memory()

    def reply(self):
        ready, _, _ = select.select([self.process.stdout], [], [], self.patience)
        if not ready:
            raise Absent(f"it was stopped after {self.patience:g} s without an answer")
        line = self.process.stdout.readline()
        if not line:
            raise Absent(self.last_words())
        answer = json.loads(line)
        if "error" in answer:
            raise Absent(answer["error"])
        return answer

    def last_words(self):
        status = self.process.wait()
        self.complaints.seek(0)
        lines = [line.strip() for line in self.complaints if line.strip()]
        return f"it ended with status {status}" + (f": {lines[-1]}" if lines else "")

    def ask(self, request):
        try:
            self.process.stdin.write(request + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Absent(self.last_words()) from None
        return self.reply()

    def run(self):
        """Seconds of one run, as the contestant measured them."""
        time.sleep(self.PAUSE)
        self.facts = self.ask("run")
        return self.facts["seconds"]

    def has_result(self, path):
        """Whether the estimates of the last run are in that file now."""
        return self.ask(f"result {path}")["written"]

    def peak_memory(self):
        """Bytes: the most that the process held in memory at any time.

        Not what wait4 tells: there a child starts with what its parent held when it was made.
        """
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+) kB", status).group(1)) * 1024

    def close(self):
        # One that still computes has no ear for the end of its input.
        self.process.kill()
        self.process.communicate()
        self.complaints.close()
