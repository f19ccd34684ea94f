"""The isolation outlasts dbt: rebuilds under the eyes of tenants, models that would open a hole, policies that were lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from ingest.access.isolation import exposures
from tests.python.kills import WITHOUT_TESTS, contents
from tests.python.tenancy import Client, World, organizations_seen
from tests.python.warehouse import ROOT

UNITS = "chemical.dim_units"
# A table, as views over the roll-ups are gone for a moment while what they read is built anew.
HEALTH = "chemical.fct_tag_health"
BUILT = ("chemical.marts", "chemical.intermediate", "chemical.rollups", "opc_quality_codes")
WATCHED = (UNITS, f"{UNITS}__dbt_backup", f"{UNITS}__dbt_tmp", HEALTH, f"{HEALTH}__dbt_backup", f"{HEALTH}__dbt_tmp")


class Watch:
    """Two clients of tenant A who look at the marts all the time."""

    def __init__(self, world: World) -> None:
        self.polls = 0
        self.wrong: list[str] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._poll, args=(Client(world, kind),)) for kind in ("service", "bi")]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _poll(self, client: Client) -> None:
        own = {client.world.a.org_id}
        with client.connect() as connection:
            while not self._ended.wait(0.01):  # or the build would hardly get the processor
                for name in WATCHED:
                    try:
                        with connection.transaction():
                            client.enter(connection, client.world.a)
                            seen = organizations_seen(connection, name)
                    except psycopg.Error as error:
                        # What a build makes on the way is there for a moment, closed or as it was before.
                        if name in (UNITS, HEALTH) or not isinstance(
                            error, psycopg.errors.UndefinedTable | psycopg.errors.InsufficientPrivilege
                        ):
                            self.wrong.append(f"{name}: {error}")
                        continue
                    self.polls += 1
                    if seen != own:
                        self.wrong.append(f"{name} showed {seen}")


def test_a_rebuild_shows_nothing_else(tenants: World) -> None:
    with Watch(tenants) as watch:
        tenants.warehouse.dbt("build", "--full-refresh", "--select", *BUILT, *WITHOUT_TESTS)
        tenants.warehouse.dbt("run", "--select", "fct_readings_by_day")
    assert watch.wrong == []
    assert watch.polls > 200
    with tenants.operator() as connection:
        assert exposures(connection) == []


@pytest.mark.parametrize("model", ["int_reading_minutes", "fct_tag_health"])
def test_a_killed_build_leaves_nothing_that_the_next_one_does_not_mend(tenants: World, model: str) -> None:
    """tests/python/kills.py does the same many times with all models, at random moments."""
    running = "select from pg_stat_activity where state = 'active' and strpos(query, %s) > 0 and datname = current_database()"
    with tenants.superuser() as connection:
        connection.autocommit = True
        before = contents(connection)
        command = tenants.warehouse.command("run", "--full-refresh", "--select", model)
        build = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **tenants.warehouse.environment}, stdout=subprocess.DEVNULL
        )
        while connection.execute(running, (f"model.saltworks.{model}",)).fetchone() is None:
            assert build.poll() is None, "dbt ended before it could be killed"
            time.sleep(0.002)
        build.kill()
        build.wait()
        tenants.warehouse.dbt("build", "--select", f"{model}+", *WITHOUT_TESTS)
        assert contents(connection) == before
        assert exposures(connection) == []


MODELS = {
    "models/chemical/marts/dim_leaks.sql": "select cast(1 as integer) as leak_id",
    "models/chemical/marts/_models.yml": (
        "models: [{name: dim_leaks, config: {indexes: []}, columns: [{name: leak_id, data_type: int}]},"
        " {name: dim_copies, config: {materialized: materialized_view, contract: {enforced: false}}}]"
    ),
    "models/chemical/marts/dim_copies.sql": "select cast(1 as integer) as org_id",
    "models/_groups.yml": "groups: [{name: chemical, owner: {name: tests}}]",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the settings and macros of this one, and models that would open a hole."""
    shutil.copy(ROOT / "dbt_project.yml", tmp_path)
    (tmp_path / "macros").symlink_to(ROOT / "macros")
    for name, text in MODELS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_models_that_open_a_hole_are_not_built(project: Path, tenants: World) -> None:
    done = tenants.warehouse.dbt(
        "run", "--project-dir", str(project), "--profiles-dir", str(ROOT), "--target-path", str(project / "target"), check=False
    )
    assert done.returncode == 1, done.stdout
    assert 'dim_leaks" has no column org_id, by which tenants are kept apart' in done.stdout
    assert 'dim_copies" is a materialized view, which knows no row-level security' in done.stdout
    with tenants.operator() as connection:
        left = connection.execute("select relname from pg_class where relname ~ '^dim_(leaks|copies)'").fetchall()
    assert left == []


def test_dbt_stops_where_rows_are_hidden_from_it(tenants: World) -> None:
    """Without its policy dbt would see an empty table, and build empty marts without a word."""
    with tenants.superuser() as connection:
        connection.execute("drop policy transform on raw_asset.units")
    try:
        done = tenants.warehouse.dbt("run", "--select", "dim_units", check=False)
    finally:
        with tenants.superuser() as connection:
            connection.execute("create policy transform on raw_asset.units for select to saltworks_transform using (true)")
    assert done.returncode != 0
    assert "the rows of raw_asset.units are hidden from saltworks_transform" in done.stdout
