"""Builds the suite's own programs."""

import pathlib
import subprocess

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def build(scratch_path=None):
    """Builds all in release mode; returns the folder with the programs."""
    command = ["swift", "build", "--configuration", "release", "--package-path", str(PACKAGE)]
    if scratch_path:
        command += ["--scratch-path", str(scratch_path)]
    # The compiler's progress goes to standard error: standard output is for results.
    subprocess.run(command, check=True, stdout=2)
    shown = subprocess.run(
        [*command, "--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip())
