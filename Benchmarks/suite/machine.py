"""The facts about a machine without which a measured time means nothing."""

import os
import pathlib
import platform
import subprocess


def describe():
    """The processor, the system and the compiler, as a dictionary for the raw data."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "swift": first_line(["swift", "--version"]),
        "clang": first_line([str(toolchain() / "clang"), "--version"]),
        "python": platform.python_version(),
    }


def processor():
    """The processor's name with its family and model, which tell what cloud names leave open."""
    facts = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip(), value.strip())
    name = facts.get("model name", platform.processor() or platform.machine())
    if "cpu family" not in facts:
        return name
    return f"{name} (family {facts['cpu family']}, model {facts['model']})"


def toolchain():
    """The folder of the Swift compiler, whose clang compiles the innermost loops."""
    found = subprocess.run(
        ["bash", "-c", 'readlink -f "$(command -v swift)"'],
        check=True, capture_output=True, text=True)
    return pathlib.Path(found.stdout.strip()).parent


def first_line(command):
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return run.stdout.splitlines()[0]
