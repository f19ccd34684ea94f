"""Parts made on a Spark cluster: whatever happens to its machines, the lake is the one that this machine makes alone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generators.engine.executor import Job
from generators.engine.lake import SCENARIO, LakeError
from generators.engine.plan import Window
from generators.engine.spark import make_part_there
from generators.engine.storage import storage
from generators.generation import families
from generators.scenario import load_scenario
from tests.python.command import command, generate
from tests.python.golden.digests import PRESET
from tests.python.spark_cluster import Cluster
from tests.python.test_command_reproducible import files_of, left_behind

PLANTS = ("iam", "asset", "historian", "alarm", "batch", "lims", "cmms", "logbook")
# Every task is made twice as soon as half of them are over.
SPECULATION = (
    "--conf spark.speculation=true --conf spark.speculation.interval=50ms --conf spark.speculation.quantile=0.5 "
    "--conf spark.speculation.multiplier=1.0 --conf spark.speculation.minTaskRuntime=0ms"
)


def options(lake: Path, cluster: Cluster) -> tuple[object, ...]:
    return (*PRESET, "--domain", "sales", "--lake", lake, "--executor", "spark", "--master", cluster.master)


@contextmanager
def begun(lake: Path, cluster: Cluster, parts: int) -> Iterator[subprocess.Popen[str]]:
    """A generation on the cluster of which so many parts are finished."""
    submit = f"{SPECULATION} {cluster.environment['PYSPARK_SUBMIT_ARGS']}"
    running = subprocess.Popen(
        command(*options(lake, cluster)),
        env={**os.environ, **cluster.environment, "PYSPARK_SUBMIT_ARGS": submit},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        while len(list(lake.glob("_parts/*.*.json"))) < parts:
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.fixture(scope="module")
def sales_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake that this machine makes alone."""
    lake = tmp_path_factory.mktemp("sales") / "lake"
    done = generate(*PRESET, "--domain", "sales", "--lake", lake, "--workers", 2)
    assert done.returncode == 0, done.stderr
    return lake


def test_a_lost_executor_and_speculation_change_nothing(sales_lake: Path, spark_cluster: Cluster, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with begun(lake, spark_cluster, parts=4) as running:
        os.kill(spark_cluster.executors()[0], signal.SIGKILL)
        assert len(list(lake.glob("_parts/*.*.json"))) < len(list((sales_lake / "_parts").glob("*.*.json")))
        output, error = running.communicate(timeout=300)
    assert running.returncode == 0, error
    assert "Traceback" not in error
    assert f"the lake is in {lake}" in output
    assert files_of(lake) == files_of(sales_lake)
    assert left_behind(running.pid) == []


def test_ctrl_c_ends_the_job_and_another_executor_resumes(sales_lake: Path, spark_cluster: Cluster, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    with begun(lake, spark_cluster, parts=2) as running:
        os.killpg(running.pid, signal.SIGINT)
        output, error = running.communicate(timeout=60)
    assert (running.returncode, output) == (130, "")
    assert error.endswith("error: interrupted; finished parts are kept: run the same command with --resume to go on\n")
    assert "Traceback" not in error
    assert left_behind(running.pid) == []
    deadline = time.monotonic() + 20
    while spark_cluster.executors() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert spark_cluster.executors() == []

    resumed = generate(*PRESET, "--domain", "sales", "--lake", lake, "--workers", 1, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "parts kept" in resumed.stdout
    assert files_of(lake) == files_of(sales_lake)


def test_what_a_part_says_there_is_said_here(sales_lake: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    (lake / "_parts").mkdir(parents=True)
    shutil.copy(sales_lake / SCENARIO, lake / SCENARIO)
    (lake / "oms").write_text("in the way")
    done = generate(*PRESET, "--domain", "sales", "--lake", lake, "--executor", "spark", "--workers", 1, "--resume")
    assert done.returncode == 1
    assert re.search(
        f"\nerror: cannot write part .* to {lake}: Not a directory .*; when it takes files again, .*--resume\n$", done.stderr
    )


def test_this_machine_alone_is_a_cluster_too(tiny_lake: Path, tmp_path: Path) -> None:
    done = generate(*PRESET, "--domain", "chemical", "--lake", tmp_path / "lake", "--executor", "spark", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert files_of(tmp_path / "lake", PLANTS) == files_of(tiny_lake, PLANTS)


def test_a_machine_that_sees_another_folder_says_so(tmp_path: Path) -> None:
    scenario = load_scenario("tiny", seed=1, domains=("sales",))
    family = families(scenario)[0]
    job = Job(storage(tmp_path), scenario, family, family.parts(scenario)[0], Window(None, scenario.until))
    with pytest.raises(LakeError, match=r"is not the same place on .*: with a cluster, --lake is a folder that"):
        make_part_there(job)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        ([], {"JAVA_HOME": "/nowhere"}, "needs Java 17 or later: install it and put it on PATH, or set JAVA_HOME"),
        (["--master", "spark://127.0.0.1:9"], {}, "no Spark master answers at spark://127.0.0.1:9: start it, or name another"),
        (["--master", "spark://nowhere"], {}, "no Spark master answers at spark://nowhere: start it, or name another"),
        (["--master", "abacus"], {}, "Spark does not start with --master abacus"),
    ],
)
def test_without_a_cluster_one_line_says_what_to_do(
    arguments: list[str], environment: dict[str, str], message: str, tiny_lake: Path, tmp_path: Path
) -> None:
    lake = shutil.copytree(tiny_lake, tmp_path / "lake")
    done = generate(*PRESET, "--lake", lake, "--executor", "spark", *arguments, **environment)
    assert done.returncode == 1
    assert message in done.stderr.splitlines()[-1]


def test_a_master_is_for_spark_alone() -> None:
    done = generate("--master", "spark://127.0.0.1:9")
    assert done.returncode == 2
    assert "--master names a cluster for --executor spark" in done.stderr
