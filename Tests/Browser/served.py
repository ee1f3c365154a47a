"""The program under test as a process, and tables to show in it."""

import json
import math
import random
import re
import signal
import subprocess


class Served:
    """`nadaraya explore` on a table, at an address of its own."""

    def __init__(self, program, *arguments, port=0):
        self.program = program
        self.process = subprocess.Popen(
            [program, "explore", "--no-open", "--port", str(port), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        for line in self.process.stdout:
            said.append(line)
            found = re.search(r"http://(127\.0\.0\.1|localhost):(\d+)", line)
            if found:
                self.address, self.port = found.group(0), int(found.group(2))
                return
        raise RuntimeError(f"{program} explore gave no address: {''.join(said)}")

    def stop(self):
        """Ends it as a person does, and says with which status it went."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=10)


def told(program, *arguments):
    """What a command of the tool says, as JSON."""
    done = subprocess.run(
        [program, *arguments, "--format", "json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def waves(rows=60, seed=0):
    """A fast wave on a slow one: the leave-one-out error has a minimum for each."""
    draw = random.Random(seed)
    x = [draw.uniform(0, 10) for _ in range(rows)]
    return [(a, math.sin(6 * a) + 0.05 * a * a + draw.gauss(0, 0.5)) for a in x]


def write_waves(path):
    path.write_text("x,y\n" + "".join(f"{a:.6f},{b:.6f}\n" for a, b in waves()))
    return path


def write_plane(path, rows=120):
    """Two inputs of different use, a third column of words, weights, and a name with a comma."""
    draw = random.Random(1)
    lines = ["east,north,kind,weight,\"height, m\""]
    for _ in range(rows):
        east, north = draw.uniform(-3, 3), draw.uniform(0, 50)
        height = math.sin(2 * east) + east + draw.gauss(0, 0.3)
        lines.append(
            f"{east:.4f},{north:.3f},{draw.choice(['bog', 'fen'])},{draw.uniform(0.5, 2):.3f},{height:.4f}")
    path.write_text("\n".join(lines) + "\n")
    return path

