"""Shows that a client that leaves takes its work along: a path over 10⁶ rows is asked for, the connection is
closed, and the server's processor time stands still from then on."""

import os
import socket
import subprocess
import sys
import tempfile
import time

ROWS = 1_000_000
PATIENCE = 0.3
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
    time.sleep(PATIENCE)
    before = processor_seconds(server)
    time.sleep(1)
    idle = processor_seconds(server) - before
    server.terminate()
    server.wait()

print(f"{working:.2f} s of work in 0.5 s with a client, {idle:.2f} s in 1 s from {PATIENCE} s after it left")
sys.exit(0 if working > 0.05 and idle < 0.05 else 1)
