"""The executor that is a Spark cluster: the same jobs on its machines, which write straight to the lake.

Spark makes a part again when it is lost with its machine, and twice at once when it speculates. Whoever makes a part writes
the same bytes under the same names, and a file appears whole: one copy is left, whichever attempt came last.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import socket
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generators.engine.executor import Executor, Job, Outcome, make_part
from generators.engine.lake import SCENARIO, LakeError
from generators.engine.memory import keep_freed_memory

if TYPE_CHECKING:
    from pyspark import Accumulator, SparkContext

PACKAGE = Path(__file__).resolve().parents[1]
ATTEMPTS = 4  # at a part, as on a cluster
PATIENCE_SECONDS = 30.0  # before a cluster that does nothing is mentioned
LOOK_SECONDS = 0.2  # between two looks at what has come in


def spark(master: str | None, cores: int | None) -> Executor:
    """The executor of a Spark master, such as `spark://host:7077`, or of this machine, with at most so many cores.

    What else there is to say about the cluster is said to Spark itself: spark-defaults.conf or PYSPARK_SUBMIT_ARGS. Raises
    LakeError, before anything is touched, when Spark cannot work here or its master does not answer.
    """
    url = master or f"local[{cores or '*'},{ATTEMPTS}]"
    _check(url)

    def execute(jobs: Sequence[Job]) -> Iterator[Outcome]:
        if jobs:
            with _context(url, cores) as context:
                yield from _outcomes(context, jobs)

    return execute


def _check(master: str) -> None:
    try:
        import pyspark  # noqa: F401 - only whether it is there
    except ImportError:
        raise LakeError("--executor spark needs pyspark: run `pip install pyspark`, or use --executor local") from None
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java" if home is None else f"{home}/bin/java") is None:
        raise LakeError("--executor spark needs Java 17 or later: install it and put it on PATH, or set JAVA_HOME")
    addresses = master.removeprefix("spark://").split(",") if master.startswith("spark://") else []
    if addresses and not any(_answers(address) for address in addresses):
        raise LakeError(f"no Spark master answers at {master}: start it, or name another with --master")


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            return True
    except (OSError, ValueError):
        return False


@contextmanager
def _context(master: str, cores: int | None) -> Iterator[SparkContext]:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("saltworks")
    conf.set("spark.log.level", "OFF").set("spark.ui.showConsoleProgress", "false")  # what is to be said, is said here
    conf.setExecutorEnv("OPENBLAS_NUM_THREADS", "1")  # as in run.py
    if master.startswith("local"):
        conf.setExecutorEnv("PYTHONPATH", str(PACKAGE.parent))
    elif cores is not None:
        conf.set("spark.cores.max", str(cores))
    try:
        context = SparkContext(conf=conf)
    except (Py4JError, PySparkException) as error:
        raise LakeError(f"Spark does not start with --master {master}: {str(error).splitlines()[-1]}") from error
    with tempfile.TemporaryDirectory() as folder:
        try:
            if not master.startswith("local"):
                context.addArchive(f"{_packed(Path(folder))}#{PACKAGE.name}")
            yield context
        finally:
            context.stop()


def _packed(folder: Path) -> Path:
    """The code and its data in an archive. Executors unpack it where they look for modules, so that files lie beside them."""
    archive = folder / f"{PACKAGE.name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted(PACKAGE.rglob("*")):
            if file.suffix in (".py", ".toml"):
                content.write(file, file.relative_to(PACKAGE))
    return archive


def _outcomes(context: SparkContext, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Make the parts, a task each, in order; yield each outcome when it has come in."""
    from py4j.protocol import Py4JError
    from pyspark.accumulators import AddingAccumulatorParam

    came_in: Accumulator[list[Outcome]] = context.accumulator([], AddingAccumulatorParam([]))
    parts = context.parallelize(jobs, len(jobs))
    count, mention_at = 0, time.monotonic() + PATIENCE_SECONDS
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(parts.foreach, lambda job: came_in.add([make_part_there(job)]))
        try:
            is_over = False
            while not is_over:
                is_over = bool(wait([run], LOOK_SECONDS).done)
                news = came_in.value[count:]
                yield from news
                count += len(news)
                if time.monotonic() > mention_at:
                    mention_at = math.inf
                    _mention_idleness(context)
        except BaseException:
            context.cancelAllJobs()
            raise
    try:
        run.result()
    except Py4JError as error:
        raise LakeError(_reason(error)) from None
    if count < len(jobs):
        raise LakeError(
            f"Spark made {len(jobs)} parts and told of {count}: run the same command with --resume to count them all"
        )


def make_part_there(job: Job) -> Outcome:
    """Make a part on a machine of the cluster. Raises LakeError when the driver's lake is not to be seen from there."""
    keep_freed_memory()
    if not job.lake.exists(SCENARIO):
        raise LakeError(
            f"{job.lake} is not the same place on {socket.gethostname()}: with a cluster, --lake is a folder that all its "
            "machines share, or on an object store"
        )
    return make_part(job)


def _mention_idleness(context: SparkContext) -> None:
    tracker = context.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    if not any(stage and stage.numActiveTasks + stage.numCompletedTasks for stage in stages):
        print(f"waiting: {context.master} has no worker with free cores and memory yet", file=sys.stderr)


def _reason(error: Exception) -> str:
    """What the last attempt at a part has raised, or else what Spark says."""
    said = str(error)
    tracebacks = re.findall(r"Traceback \(most recent call last\):\n(?:[ \t].*\n)+(\S.*)", said)
    raised = tracebacks or re.findall(r"Exception: (.*)", said) or [said]
    kind, _, message = str(raised[-1]).partition(": ")
    if kind.endswith("LakeError"):
        return message
    return f"Spark gave up: {kind}: {message}; run the same command with --resume to go on"
