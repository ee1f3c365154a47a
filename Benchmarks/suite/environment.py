"""Runs a script where the packages it needs can be imported, and on one thread."""

import importlib.util
import os
import pathlib
import subprocess
import sys
import venv

FOLDER = pathlib.Path(__file__).resolve().parents[1] / ".build-venv"

ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
}


def require(*packages):
    """Starts the script anew unless every package imports and peers are held to one thread.

    Packages that are missing are installed into a virtual environment of the benchmarks' own.
    """
    is_missing = any(importlib.util.find_spec(package) is None for package in packages)
    is_free = any(os.environ.get(name) != value for name, value in ONE_THREAD.items())
    if not is_missing and not is_free:
        return
    interpreter = sys.executable
    if is_missing:
        interpreter = FOLDER / "bin" / "python"
        if not interpreter.exists():
            venv.create(FOLDER, with_pip=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *packages], check=True)
    os.execve(interpreter, [str(interpreter), *sys.argv], os.environ | ONE_THREAD)
