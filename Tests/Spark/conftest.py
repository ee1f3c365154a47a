"""A cluster of two executor processes on this machine, and the program that is tested on it."""

import os
import pathlib
import subprocess

import pytest

MASTER = ["--master", "local-cluster[2,1,1024]"]
# Progress bars would only fill the log.
SETTINGS = ["--conf", "spark.ui.enabled=false", "--conf", "spark.ui.showConsoleProgress=false",
            "--conf", "spark.sql.shuffle.partitions=4",
            # Jobs of seconds gain nothing from the slower compiler, which takes most of the time.
            "--conf", "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"]


def pytest_addoption(parser):
    parser.addoption("--program", required=True, help="a nadaraya, static or not")
    parser.addoption("--plain", default=None, help="a nadaraya with libraries, as swift build makes it")


class Cluster:
    """Runs the program and spark-sql in a folder of their own."""

    def __init__(self, program, folder):
        import pyspark

        self.program = program
        self.folder = folder
        self.options = MASTER + SETTINGS
        self.home = pathlib.Path(pyspark.__file__).parent
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.environment = os.environ | {"SPARK_HOME": str(self.home), "TMPDIR": str(self.temporary), "SPARK_LOCAL_IP": "127.0.0.1",
                                         "SPARK_WORKER_DIR": str(folder / "work")}

    def run(self, *arguments, spark=None, program=None, folder=None, **variables):
        """The program's result; with `spark` its options of spark-sql follow the two dashes."""
        command = [program or self.program, *map(str, arguments)] + ([] if spark is None else ["--", *spark])
        return subprocess.run(command, cwd=folder or self.folder, env=self.environment | variables, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300)

    def spark(self, *arguments, options=None, **how):
        """A job on the cluster."""
        return self.run("spark", *arguments, spark=self.options if options is None else options, **how)

    def sql(self, file, files):
        """What spark-sql writes of a file of statements."""
        # Without Hive a start is faster and leaves nothing behind.
        catalog = ["--conf", "spark.sql.catalogImplementation=in-memory"]
        command = [self.home / "bin" / "spark-sql", *catalog, *self.options, "--files", ",".join(files), "-f", file]
        result = subprocess.run(command, cwd=self.folder, env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture(scope="session")
def cluster(request, tmp_path_factory):
    program = str(pathlib.Path(request.config.getoption("--program")).resolve())
    return Cluster(program, tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="session")
def plain(request, cluster):
    """A program that a loader brings its libraries, where there is one."""
    path = request.config.getoption("--plain")
    return str(pathlib.Path(path).resolve()) if path else cluster.program
