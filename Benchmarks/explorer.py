#!/usr/bin/env python3
"""From slider to picture: how long a move of the explorer's slider takes in Chromium.

    .build-browser/bin/python Benchmarks/explorer.py PROGRAM

For tables of 10³, 10⁵ and 10⁶ rows, one input, a wave with noise: the slider is moved by its own input event,
and the clock runs until the new fit, heatmap and marker are in the document and painted, which is when the
second animation frame after them begins. The moves step through a decade of bandwidths; each waits for the
last to end. Prints the median, the quartile above it and the longest, and exits with 1 where a median exceeds
its target. PROGRAM is nadaraya, a release build with the trait Explorer; the environment is the one that
Scripts/browser-test makes.
"""

import array
import math
import os
import pathlib
import random
import shutil
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Browser"))

from playwright.sync_api import sync_playwright  # noqa: E402
from served import Served  # noqa: E402

# Rows, the target in milliseconds, moves.
SIZES = [(1_000, 30, 41), (100_000, 100, 21), (1_000_000, 400, 11)]

MOVE = """async (along) => {
    const slider = document.querySelector("#bandwidth-0");
    const shown = () => ["fit", "attention"].map((id) => document.querySelector(`#${id} .picture > svg`));
    const before = shown();
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    slider.value = along;
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => {
        const observer = new MutationObserver(() => {
            if (shown().some((svg, index) => svg === before[index])) return;
            observer.disconnect();
            done();
        });
        observer.observe(document.querySelector("#pictures"), { childList: true, subtree: true });
    });
    const arrived = performance.now();
    await frame();
    await frame();
    return [performance.now() - start, arrived - start];
}"""


def write(path, rows):
    """A table of two columns as NPY, which is read in no time."""
    draw = random.Random(rows)
    numbers = array.array("d")
    for _ in range(rows):
        x = draw.uniform(0, 10)
        numbers.extend((x, math.sin(2 * x) + x / 2 + draw.gauss(0, 0.5)))
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 2), }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + numbers.tobytes())


def measure(browser, program, rows, moves, folder):
    table = folder / f"{rows}.npy"
    write(table, rows)
    served = Served(program, str(table))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(120_000)
    try:
        page.goto(served.address)
        page.wait_for_function("""() => document.querySelector("#fit .picture > svg")
            && document.querySelector("#criterion .marker")
            && document.querySelector("main").getAttribute("aria-busy") === "false" """)
        page.wait_for_timeout(500)
        middle = float(page.input_value("#bandwidth-0"))
        times = []
        for move in range(moves + 2):
            # Two moves first that are not counted: the browser compiles what it meets.
            times.append(page.evaluate(MOVE, min(1, max(0, middle + 0.2 * (move / moves - 0.5)))))
            page.wait_for_timeout(100)
        return times[2:]
    finally:
        page.close()
        served.stop()
        table.unlink()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.realpath(sys.argv[1])
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    failed = False
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"Chromium {browser.version}, {os.cpu_count()} processors, milliseconds")
        print(f"{'rows':>9} {'median':>8} {'target':>8} {'upper quartile':>15} {'longest':>8} {'without paint':>14}")
        for rows, target, moves in SIZES:
            times = measure(browser, program, rows, moves, pathlib.Path(folder))
            painted = sorted(time for time, _ in times)
            median = statistics.median(painted)
            arrived = statistics.median(time for _, time in times)
            failed = failed or median > target
            print(f"{rows:>9} {median:>8.1f} {target:>8} {painted[3 * len(painted) // 4]:>15.1f} "
                  f"{painted[-1]:>8.1f} {arrived:>14.1f}", flush=True)
        browser.close()
    sys.exit(1 if failed else 0)


main()
