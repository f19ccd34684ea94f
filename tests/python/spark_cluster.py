"""A standalone Spark cluster on loopback out of the pyspark wheel: a master and two workers, which end with the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark
import pytest

SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Cluster:
    """The master's URL, and the environment in which a driver finds its way to it."""

    master: str
    environment: dict[str, str]
    workers: tuple[subprocess.Popen[bytes], ...]

    def executors(self) -> list[int]:
        """The processes that run executors now."""
        parents = {worker.pid for worker in self.workers}
        shown = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
        ).stdout
        processes = (line.split(maxsplit=3) for line in shown.splitlines())
        return [
            int(pid)
            for pid, parent, state, arguments in processes
            if int(parent) in parents and "CoarseGrainedExecutorBackend" in arguments and not state.startswith("Z")
        ]


@contextmanager
def cluster(folder: Path, workers: int = 2, cores: int = 1) -> Iterator[Cluster]:
    """Start a cluster whose files lie in a folder; all its processes end with it."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    master = f"spark://{LOOPBACK}:{port}"
    environment = {
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"--conf spark.driver.host={LOOPBACK} --conf spark.executor.memory=512m pyspark-shell",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> None:
        with (folder / f"{name}.log").open("wb") as log:
            command = [str(SPARK_CLASS), *arguments]
            variables = {**os.environ, **environment}
            started.append(subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log, start_new_session=True))

    try:
        address = ("--host", LOOPBACK, "--webui-port", "0")
        start("master", "org.apache.spark.deploy.master.Master", *address, "--port", str(port))
        resources = ("--cores", str(cores), "--memory", "2g")
        for number in range(workers):
            files = ("--work-dir", str(folder / f"worker-{number}"))
            start(f"worker-{number}", "org.apache.spark.deploy.worker.Worker", *address, *resources, *files, master)
        _wait_until_registered(folder / "master.log", workers)
        yield Cluster(master, environment, tuple(started[1:]))
    finally:
        for process in reversed(started):
            process.terminate()  # a worker ends its executors
        for process in started:
            process.wait(timeout=30)


def _wait_until_registered(log: Path, workers: int) -> None:
    deadline = time.monotonic() + 60
    while log.read_text().count("Registering worker") < workers:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="session")
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers of one core each."""
    with cluster(tmp_path_factory.mktemp("spark_cluster")) as running:
        yield running
