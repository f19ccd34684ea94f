"""Who works where: posts of a site, each held by one person after the other without a gap, and who is there at a moment.

A site's staff follows from the scenario and the site alone, so a unit's part can ask for it without the rest of the fleet.
Ids nest: site_id x 10,000 + post x 10 + turn. An organization's own people sit at its first site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from math import isqrt

from generators.chemical.fleet import Site, Unit, fleet_of
from generators.chemical.names import Name, address_word, names
from generators.chemical.processes.model import FloatArray
from generators.chemical.roles import ROLE_OF, Role
from generators.chemical.shifts import DAY_BEGINS, TEAMS, Shift, shift_at, to_utc
from generators.engine.streams import stream
from generators.scenario import Scenario

REGISTER_OPENED = date(2023, 6, 1)  # accounts older than the register were taken over on this day
TURNS = 10  # people who hold a post one after the other, at most
SHORTEST_STAY_DAYS, MEAN_STAY_DAYS = 180, 2_200  # about a seventh of the posts change hands in a year
SHORTEST_REST_OF_A_STAY_DAYS = 30  # of those who were there when the register opened
CRAFTS = ("Mechanical", "Electrical", "Instrument")
SERVICES = {"historian-collector": "Historian Collector"}
HEAD_OFFICE_SERVICES = {
    "laboratory-interface": "Laboratory Interface",
    "maintenance-interface": "Maintenance Interface",
    "reporting": "Reporting",
}

Tenure = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Post:
    """A seat in the staff of a site. `team` is that of shift workers; the head office serves the whole organization.

    A board operator runs the units of one plant from the control room, a field operator walks one unit.
    """

    role: Role
    job_title: str
    team: str | None = None
    plant_id: int | None = None
    unit_id: int | None = None
    at_head_office: bool = False
    service: str | None = None
    is_external: bool = False


@dataclass(frozen=True)
class Person:
    """The holder of a post from the shift change of the morning of `since` to that of `until`, UTC; None for still.

    A service counts as a person here: it holds a post as well, but never leaves.
    """

    user_id: int
    site: Site
    post: Post
    full_name: str
    email: str
    since: datetime
    until: datetime | None

    @property
    def org_id(self) -> int:
        """Organization where the person is at home."""
        return self.site.organization.org_id

    def is_there_at(self, moment: datetime) -> bool:
        """Whether the person holds the post at a moment, UTC."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class Crew:
    """The team at work on a unit during one shift."""

    shift: Shift
    supervisor: Person
    board_operator: Person
    field_operator: Person


@dataclass(frozen=True)
class Staff:
    """Everybody who has held a post of a site since the register opened, in order of their ids."""

    site: Site
    people: tuple[Person, ...]

    @cached_property
    def by_role(self) -> dict[str, tuple[Person, ...]]:
        """The people of each role."""
        return {code: tuple(person for person in self.people if person.post.role.code == code) for code in ROLE_OF}

    @cached_property
    def by_duty(self) -> dict[tuple[str | None, int | None, int | None], tuple[Person, ...]]:
        """The shift workers of each team, plant and unit, one after the other."""
        duties: dict[tuple[str | None, int | None, int | None], tuple[Person, ...]] = {}
        for person in self.people:
            if person.post.team is not None:
                duty = (person.post.team, person.post.plant_id, person.post.unit_id)
                duties[duty] = (*duties.get(duty, ()), person)
        return duties


def shift_operators(scenario: Scenario, site: Site) -> tuple[Person, ...]:
    """Every operator of a site's five teams, past ones included."""
    return staff_of(scenario, site).by_role["operator"]


def crew_at(scenario: Scenario, unit: Unit, moment: datetime) -> Crew:
    """Who runs a unit at a moment, UTC."""
    site = unit.plant.site
    duties = staff_of(scenario, site).by_duty
    shift = shift_at(site.place.time_zone, moment)

    def holder(plant_id: int | None, unit_id: int | None) -> Person:
        return _holder(duties[shift.team, plant_id, unit_id], moment)

    return Crew(shift, holder(None, None), holder(unit.plant.plant_id, None), holder(None, unit.unit_id))


def _holder(holders: tuple[Person, ...], moment: datetime) -> Person:
    """The one who holds the post; the first one did so before the register opened, too."""
    return next((person for person in reversed(holders) if person.since <= moment), holders[0])


def laboratory_analysts(scenario: Scenario, site: Site, moment: datetime) -> tuple[Person, ...]:
    """The analysts in a site's laboratory at a moment, UTC."""
    return _there(scenario, site, "laboratory_analyst", moment)


def maintenance_technicians(scenario: Scenario, site: Site, moment: datetime) -> tuple[Person, ...]:
    """The technicians of a site at a moment, UTC; `post.job_title` names their craft."""
    return _there(scenario, site, "maintenance_technician", moment)


def _there(scenario: Scenario, site: Site, role: str, moment: datetime) -> tuple[Person, ...]:
    return tuple(person for person in staff_of(scenario, site).by_role[role] if person.is_there_at(moment))


def opened_on(scenario: Scenario) -> date:
    """The day on which the accounts were opened: never after the first readings."""
    return min(REGISTER_OPENED, scenario.end - timedelta(days=scenario.chemical.days))


@cache
def staff_of(scenario: Scenario, site: Site) -> Staff:
    """The staff of a site."""
    posts = _posts(scenario, site)
    stays = stream(scenario.seed, "iam.memberships", "stays", str(site.site_id)).standard_exponential((len(posts), TURNS))
    held = [
        (number, turn, tenure)
        for number, post in enumerate(posts)
        for turn, tenure in enumerate(_tenures(scenario, site, post, stays[number]))
    ]
    named = names(site.place.country_code, len(held), stream(scenario.seed, "iam.users", "names", str(site.site_id)))
    logins = _distinct([address_word(name) for name in named])
    return Staff(
        site,
        tuple(
            _person(site, posts[number], site.site_id * 10_000 + number * 10 + turn, name, login, tenure)
            for (number, turn, tenure), name, login in zip(held, named, logins, strict=True)
        ),
    )


def _posts(scenario: Scenario, site: Site) -> list[Post]:
    """The posts of a site: five shift teams by plants and units, day workers by size, and the head office at the first site."""
    fleet = fleet_of(scenario)
    units = [unit for unit in fleet.units if unit.plant.site is site]
    plants = [plant for plant in fleet.plants if plant.site is site]
    operator, service = ROLE_OF["operator"], ROLE_OF["service_account"]
    posts: list[Post] = []
    for team in TEAMS:
        posts.append(Post(ROLE_OF["shift_supervisor"], f"Shift Supervisor, team {team}", team))
        posts += [Post(operator, f"Board Operator, plant {plant.code}", team, plant_id=plant.plant_id) for plant in plants]
        posts += [Post(operator, f"Field Operator, unit {unit.code}", team, unit_id=unit.unit_id) for unit in units]
    posts += [Post(ROLE_OF["process_engineer"], "Process Engineer") for _ in plants]
    posts += [
        Post(ROLE_OF["maintenance_technician"], f"{CRAFTS[number % len(CRAFTS)]} Technician")
        for number in range(len(CRAFTS) + len(units) - 1)
    ]
    posts += [Post(ROLE_OF["laboratory_analyst"], "Laboratory Analyst") for _ in range(2 + len(plants))]
    posts += [Post(ROLE_OF["viewer"], title) for title in ("Site Manager", "Production Planner")]
    posts += [Post(service, title, service=code) for code, title in SERVICES.items()]
    organization = [found for found in fleet.sites if found.organization is site.organization]
    if site is organization[0]:
        posts += _head_office(len(organization), sum(unit.org_id == site.organization.org_id for unit in fleet.units))
    return posts


def _head_office(sites: int, units: int) -> list[Post]:
    service = ROLE_OF["service_account"]
    return [
        Post(ROLE_OF["owner"], "Chief Operating Officer", at_head_office=True),
        *(Post(ROLE_OF["administrator"], "System Administrator", at_head_office=True) for _ in range(1 + isqrt(sites))),
        Post(ROLE_OF["auditor"], "Internal Auditor", at_head_office=True),
        *(
            Post(ROLE_OF["process_engineer"], "Consulting Engineer", at_head_office=True, is_external=True)
            for _ in range(isqrt(units))
        ),
        *(Post(service, title, at_head_office=True, service=code) for code, title in HEAD_OFFICE_SERVICES.items()),
    ]


def _tenures(scenario: Scenario, site: Site, post: Post, stays: FloatArray) -> Iterator[Tenure]:
    """From when to when each holder had the post; the first from the opening on, the last until further notice."""
    opened = opened_on(scenario)
    since, day = datetime.combine(opened, time()), opened
    for turn, stay in enumerate(stays):
        day += timedelta(days=int(stay * MEAN_STAY_DAYS) + (SHORTEST_STAY_DAYS if turn else SHORTEST_REST_OF_A_STAY_DAYS))
        if post.service is not None or turn == TURNS - 1 or day >= scenario.end:
            yield since, None
            return
        until = to_utc(day, DAY_BEGINS, site.place.time_zone)
        yield since, until
        since = until


def _person(site: Site, post: Post, user_id: int, name: Name, login: str, tenure: Tenure) -> Person:
    domain = f"{site.organization.code.replace('_', '-')}.example"
    if post.service is not None:
        return Person(user_id, site, post, post.job_title, f"{post.service}@{site.code.lower()}.{domain}", *tenure)
    place = "external" if post.is_external else site.code.lower()
    return Person(user_id, site, post, " ".join(name), f"{login}@{place}.{domain}", *tenure)


def _distinct(logins: list[str]) -> list[str]:
    """The logins with a numeral behind those that are taken already."""
    taken: Counter[str] = Counter()
    distinct = []
    for login in logins:
        taken[login] += 1
        distinct.append(login if taken[login] == 1 else f"{login}{taken[login]}")
    return distinct
