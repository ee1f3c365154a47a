"""Runs a script where the packages it needs can be imported, and on one thread; installs peers."""

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


def require(*packages, **requirements):
    """Starts the script anew unless every package imports and peers are held to one thread.

    Packages that are missing are installed into a virtual environment of the benchmarks' own; those
    that are imported by another name than they are installed by are named `import=requirement`.
    """
    is_missing = any(
        importlib.util.find_spec(package) is None for package in [*packages, *requirements])
    is_free = any(os.environ.get(name) != value for name, value in ONE_THREAD.items())
    if not is_missing and not is_free:
        return
    python = sys.executable
    if is_missing:
        python = interpreter()
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *packages, *requirements.values()],
            check=True)
    os.execve(python, [str(python), *sys.argv], os.environ | ONE_THREAD)


class NotInstalled(Exception):
    """Why a package is not there, in one sentence."""


def interpreter():
    """Python in the benchmarks' own virtual environment, which is made where there is none."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
    return python


def installed(requirement):
    """The version of a package in the virtual environment, installed there if it is missing.

    Raises `NotInstalled` with pip's first word on it.
    """
    package = requirement.partition("==")[0]
    shown = version(package)
    if shown is None:
        run = subprocess.run(
            [interpreter(), "-m", "pip", "install", "--quiet", requirement],
            capture_output=True, text=True)
        if run.returncode != 0:
            lines = [line for line in run.stderr.splitlines() if line.strip()]
            errors = [line for line in lines if line.startswith("ERROR")]
            raise NotInstalled((errors + lines + ["pip fails without a word"])[0])
        shown = version(package)
    return shown


def version(package):
    """What the virtual environment has of a package; None where it has nothing."""
    program = f"import importlib.metadata as m; print(m.version({package!r}))"
    run = subprocess.run([interpreter(), "-c", program], capture_output=True, text=True)
    return run.stdout.strip() if run.returncode == 0 else None
