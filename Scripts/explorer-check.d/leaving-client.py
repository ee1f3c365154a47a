"""Shows that a client that leaves takes its work along: a path over 10⁶ rows, of a minute and more, is asked for,
the connection is closed, and soon the server's processor time stands still. A plan under way is finished first."""

import os
import socket
import subprocess
import sys
import tempfile
import time

ROWS = 1_000_000
# Seconds; a program built for debugging needs some for a plan of so many rows.
PATIENCE = 10
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().split()
    return (int(fields[13]) + int(fields[14])) / TICKS


def request(port, path):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return connection


with tempfile.TemporaryDirectory() as folder:
    table = os.path.join(folder, "rows.csv")
    with open(table, "w", encoding="ascii") as file:
        file.write("x,y\n")
        for row in range(ROWS):
            file.write(f"{row * 7919 % ROWS / ROWS},{row % 17}\n")
    server = subprocess.Popen(
        [sys.argv[1], "explore", table, "--no-open", "--port", "0"], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline().rsplit(":", 1)[1].split("/")[0])
    connection = request(port, "/api/tables/start/path?points=1000&kernel=tricube&degree=3")
    time.sleep(3)
    before = processor_seconds(server)
    time.sleep(0.5)
    working = processor_seconds(server) - before
    connection.close()
    left = time.monotonic()
    while True:
        before = processor_seconds(server)
        time.sleep(0.5)
        idle = processor_seconds(server) - before
        took = time.monotonic() - left - 0.5
        if idle < 0.03 or took > PATIENCE:
            break
    server.terminate()
    server.wait()

print(f"{working:.2f} s of work in 0.5 s with a client, none from {took:.1f} s after it left")
sys.exit(0 if working > 0.05 and idle < 0.03 else 1)
