"""The people of the plants: a crew on every shift, accounts that fit their posts, and keys that nobody could use."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from generators.chemical import accounts
from generators.chemical.accounts import Row
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.names import address_word, names
from generators.chemical.people import (
    crew_at,
    laboratory_analysts,
    maintenance_technicians,
    opened_on,
    shift_operators,
    staff_of,
)
from generators.chemical.places import PLACES, Place
from generators.chemical.roles import ROLES
from generators.chemical.shifts import TEAMS, Shift, shift_at
from generators.engine.streams import stream
from generators.scenario import Scenario, load_scenario
from generators.schema.catalog import table as declared
from tests.python.command import RUN

SCENARIO = load_scenario("medium", seed=42)
FLEET = fleet_of(SCENARIO)
END = datetime.combine(SCENARIO.end, time())


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    """The rows of the account tables."""
    return {table: list(make(SCENARIO)) for table, make in accounts.TABLES.items()}


def hours_of(zone: str, first: datetime, count: int) -> list[Shift]:
    return [shift_at(zone, first + timedelta(hours=hour)) for hour in range(count)]


@pytest.mark.parametrize("team", TEAMS)
def test_a_team_works_two_days_and_two_nights_in_ten(team: str) -> None:
    shifts = [Shift(date(2025, 3, 1) + timedelta(days=day), is_night) for day in range(30) for is_night in (False, True)]
    worked = [shift for shift in shifts if shift.team == team]
    assert len(worked) * 12 / 30 * 7 == pytest.approx(33.6)
    starts = [datetime.combine(shift.day, time(18 if shift.is_night else 6)) for shift in worked]
    assert min(later - sooner for sooner, later in pairwise(starts)) >= timedelta(hours=24)
    pattern = "".join("N" if shift.is_night else "D" for shift in worked)
    assert re.fullmatch("(D?NN|N?)(DDNN)+D{0,2}N?", pattern), pattern


@pytest.mark.parametrize(
    ("first", "length"),
    [(datetime(2025, 3, 29, 17), 11), (datetime(2025, 10, 25, 16), 13), (datetime(2025, 7, 1, 16), 12)],
)
def test_the_night_on_which_clocks_change_is_an_hour_shorter_or_longer(first: datetime, length: int) -> None:
    shifts = hours_of("Europe/Berlin", first, 24)
    assert shifts[0] == Shift(first.date(), is_night=True) and shifts[0].starts_at("Europe/Berlin") == first
    assert shifts.count(shifts[0]) == length


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.city)
def test_a_shift_begins_at_six_by_the_clock_of_the_site(place: Place) -> None:
    zone = place.time_zone
    for hour, shift in enumerate(hours_of(zone, datetime(2025, 12, 30), 48)):
        moment = datetime(2025, 12, 30) + timedelta(hours=hour)
        begin = shift.starts_at(zone)
        assert timedelta(0) <= moment - begin < timedelta(hours=12)
        assert begin.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).time() in (time(6), time(18))


def test_every_unit_has_one_crew_of_the_team_on_shift_at_every_hour() -> None:
    first = END - timedelta(days=SCENARIO.chemical.days)
    for unit in FLEET.units:
        for hour in range(0, SCENARIO.chemical.days * 24, 5):
            moment = first + timedelta(hours=hour)
            crew = crew_at(SCENARIO, unit, moment)
            crewed = (crew.supervisor, crew.board_operator, crew.field_operator)
            assert len({person.user_id for person in crewed}) == 3
            for person in crewed:
                assert person.site is unit.plant.site and person.is_there_at(moment)
                assert person.post.team == crew.shift.team == shift_at(unit.plant.site.place.time_zone, moment).team


def test_a_crew_is_the_same_all_shift_and_another_after_it() -> None:
    unit = FLEET.units[0]
    begin = Shift(date(2025, 12, 30), is_night=False).starts_at(unit.plant.site.place.time_zone)
    at = [crew_at(SCENARIO, unit, begin + timedelta(hours=hours)) for hours in (-0.01, 0, 6, 11.99, 12)]
    assert at[1] == at[2] == at[3]
    assert not {at[0].board_operator.user_id, at[4].board_operator.user_id} & {at[1].board_operator.user_id}


def test_posts_change_hands_at_a_shift_change_without_a_gap() -> None:
    changes = 0
    for site in FLEET.sites:
        people = staff_of(SCENARIO, site).people
        for sooner, later in pairwise(people):
            if sooner.user_id // 10 == later.user_id // 10:
                changes += 1
                assert sooner.until == later.since and sooner.post == later.post
                local = later.since.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(site.place.time_zone))
                assert local.time() == time(6)
            else:
                assert sooner.until is None
    posts = sum(len({person.user_id // 10 for person in staff_of(SCENARIO, site).people}) for site in FLEET.sites)
    years = (SCENARIO.end - opened_on(SCENARIO)).days / 365.25
    assert 0.10 < changes / posts / years < 0.20


def test_staff_follows_the_size_of_the_site() -> None:
    for site in FLEET.sites:
        units: list[Unit] = [unit for unit in FLEET.units if unit.plant.site is site]
        plants = {unit.plant.plant_id for unit in units}
        operators = [person for person in shift_operators(SCENARIO, site) if person.until is None]
        assert len(operators) == len(TEAMS) * (len(units) + len(plants))
        moment = END - timedelta(hours=1)
        assert len(laboratory_analysts(SCENARIO, site, moment)) == 2 + len(plants)
        technicians = maintenance_technicians(SCENARIO, site, moment)
        assert len(technicians) == 2 + len(units)
        assert len({person.post.job_title for person in technicians}) == 3


def test_the_staff_of_a_site_needs_no_other_site_and_no_other_run() -> None:
    """Names come from libraries: another process, which hashes text otherwise, must find the same ones."""
    script = (
        "from generators.chemical.fleet import fleet_of; from generators.chemical.people import staff_of;"
        "from generators.scenario import load_scenario; s = load_scenario('medium', seed=42);"
        "print([p.email for p in staff_of(s, fleet_of(s).sites[{}]).people])"
    )
    for number in (len(FLEET.sites) - 1, 0):
        done = subprocess.run(
            [sys.executable, "-c", script.format(number)], capture_output=True, text=True, check=True, cwd=RUN.parents[1]
        )
        assert done.stdout.strip() == str([person.email for person in staff_of(SCENARIO, FLEET.sites[number]).people])


@pytest.mark.parametrize("country", sorted({place.country_code for place in PLACES}))
def test_names_are_many_and_can_be_written_in_an_address(country: str) -> None:
    found = names(country, 300, stream(1, "iam.users", "names", country))
    assert len(set(found)) > 100
    assert all(re.fullmatch(r"[a-z]{2,}\.[a-z]{1,}", address_word(name)) for name in found), found


def test_keys_are_unique_and_references_are_met(rows: dict[str, list[Row]]) -> None:
    known: dict[str, set[tuple[int, ...]]] = {
        "iam.organizations": {(owner.org_id,) for owner in FLEET.organizations},
        "asset.sites": {(site.organization.org_id, site.site_id) for site in FLEET.sites},
    }
    for table, found in rows.items():
        keys = [tuple(row[name] for name in declared(table).key) for row in found]
        assert len(set(keys)) == len(keys), table
        known[table] = set(keys)
    for table, found in rows.items():
        for reference in declared(table).foreign_keys:
            pointers = {tuple(row[name] for name in reference.columns) for row in found}
            assert {pointer for pointer in pointers if None not in pointer} <= known[reference.target], reference
    for table, column in (("iam.users", "email"), ("iam.api_keys", "key_prefix"), ("iam.api_keys", "key_sha256")):
        assert max(Counter(row[column] for row in rows[table]).values()) == 1


def test_values_are_those_that_are_declared(rows: dict[str, list[Row]]) -> None:
    for table, found in rows.items():
        for column in declared(table).columns:
            values = {row[column.name] for row in found}
            assert column.nullable or None not in values
            if column.accepted:
                assert values - {None} <= set(column.accepted)


def test_consultants_and_nobody_else_belong_to_two_organizations(rows: dict[str, list[Row]]) -> None:
    external = {row["user_id"] for row in rows["iam.users"] if row["is_external"]}
    counts = Counter(row["user_id"] for row in rows["iam.memberships"])
    assert external and {user for user, count in counts.items() if count == 2} == external
    assert set(counts.values()) == {1, 2}
    guests = [row for row in rows["iam.memberships"] if row["org_id"] != row["home_org_id"]]
    assert {row["user_id"] for row in guests} == external and not any(row["site_id"] for row in guests)


def test_a_lonely_organization_has_no_guests() -> None:
    alone = replace(SCENARIO, chemical=replace(SCENARIO.chemical, organizations=1))
    assert {row["org_id"] for row in accounts.memberships(alone)} == {1}


def test_moments_are_in_order(rows: dict[str, list[Row]]) -> None:
    account = {row["user_id"]: row for row in rows["iam.users"]}
    for row in rows["iam.users"]:
        closed = row["deactivated_at"] or END
        assert row["created_at"] <= (row["last_login_at"] or row["created_at"]) < closed <= END
        assert row["updated_at"] < END and (row["user_status"] == "deactivated") == (row["deactivated_at"] is not None)
    member = {(row["org_id"], row["user_id"]): row for row in rows["iam.memberships"]}
    for row in member.values():
        assert account[row["user_id"]]["created_at"] <= row["joined_at"] < (row["ended_at"] or END) <= END
        assert row["ended_at"] is None or row["ended_at"] < (account[row["user_id"]]["deactivated_at"] or END)
    for row in rows["iam.api_keys"]:
        held = member[row["org_id"], row["user_id"]]
        last = min(moment or END for moment in (row["expires_at"], row["revoked_at"], held["ended_at"]))
        assert held["joined_at"] <= row["created_at"] <= (row["last_used_at"] or row["created_at"]) <= last


def test_some_accounts_stay_open_after_their_person_has_left(rows: dict[str, list[Row]]) -> None:
    left = [row for row in rows["iam.memberships"] if row["ended_at"] and row["org_id"] == row["home_org_id"]]
    account = {row["user_id"]: row for row in rows["iam.users"]}
    late = [(account[row["user_id"]]["deactivated_at"] or END) - row["ended_at"] > timedelta(days=5) for row in left]
    assert 0.01 < np.mean(late) < 0.15
    assert 0.05 < np.mean([row["user_status"] == "deactivated" for row in rows["iam.users"]]) < 0.4


def test_shift_workers_last_came_on_a_shift_of_their_own(rows: dict[str, list[Row]]) -> None:
    zone = {site.site_id: site.place.time_zone for site in FLEET.sites}
    login = {row["user_id"]: row["last_login_at"] for row in rows["iam.users"]}
    seen = 0
    for row in rows["iam.memberships"]:
        at = login[row["user_id"]]
        if row["shift_team"] and at:
            seen += 1
            assert shift_at(zone[row["site_id"]], at).team == row["shift_team"]
    assert seen > 100


def test_scopes_never_exceed_the_role(rows: dict[str, list[Row]]) -> None:
    permits: dict[int, set[str]] = {}
    for row in rows["iam.role_permissions"]:
        permits.setdefault(row["role_id"], set()).add(row["permission"])
    role = {(row["org_id"], row["user_id"]): row["role_id"] for row in rows["iam.memberships"]}
    for row in rows["iam.api_keys"]:
        assert set(row["scopes"].split()) < permits[role[row["org_id"], row["user_id"]]]
        assert re.fullmatch(r"sw_live_[a-z2-7]{8}", row["key_prefix"]) and re.fullmatch("[0-9a-f]{64}", row["key_sha256"])


def test_every_service_has_a_key_that_works_at_the_end(rows: dict[str, list[Row]]) -> None:
    services = {row["user_id"] for row in rows["iam.users"] if row["user_kind"] == "service"}
    working = [
        row["user_id"]
        for row in rows["iam.api_keys"]
        if row["user_id"] in services and row["revoked_at"] is None and row["expires_at"] > END
    ]
    assert set(working) == services


def test_roles_permit_more_the_higher_they_are_and_only_the_owner_everything_of_the_organization() -> None:
    permits = {role.code: set(role.permissions) for role in ROLES}
    assert permits["owner"] > permits["administrator"] and permits["process_engineer"] > permits["operator"]
    assert permits["shift_supervisor"] > permits["operator"] > permits["viewer"]
    assert [role.code for role in ROLES if "organization:write" in role.permissions] == ["owner"]
    assert not [role.code for role in ROLES if role.level > 1 and "iam:write" in role.permissions]
    assert all(len(set(role.permissions)) == len(role.permissions) for role in ROLES)


def test_readings_older_than_the_register_still_have_their_people() -> None:
    shape = type(SCENARIO.chemical)(organizations=2, units=4, tags=100, days=1_500, faults=1)
    long = Scenario(**{**vars(SCENARIO), "chemical": shape})
    assert opened_on(long) == SCENARIO.end - timedelta(days=1_500)
    unit = fleet_of(long).units[-1]
    moment = datetime.combine(opened_on(long), time())
    assert crew_at(long, unit, moment).board_operator.is_there_at(moment)
    assert laboratory_analysts(long, unit.plant.site, moment)
