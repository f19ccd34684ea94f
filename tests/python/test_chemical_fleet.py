"""The fleet as a register: places, names, sizes and sentences that a person would believe."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pycountry
import pytest

from generators.chemical.fleet import FEWEST_TAGS, fleet_of
from generators.chemical.places import PLACES, Place, day_mean_celsius
from generators.chemical.processes.registry import MODELS
from generators.chemical.tenants import organization
from generators.scenario import load_scenario

FLEET = fleet_of(load_scenario("medium", seed=42))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.city)
def test_places_exist_and_are_warm_in_their_own_summer(place: Place) -> None:
    assert pycountry.countries.get(alpha_2=place.country_code) is not None
    zone = datetime(2025, 1, 15, tzinfo=ZoneInfo(place.time_zone)).utcoffset()
    assert zone is not None
    assert abs(zone.total_seconds() / 3600 - place.longitude_degrees / 15) < 2.0
    assert (day_mean_celsius(place, 200) > day_mean_celsius(place, 17)) == (place.season_celsius > 0)


def test_organizations_have_names_of_their_own_fit_for_a_login() -> None:
    owners = [organization(index) for index in range(250)]
    assert len({owner.code for owner in owners}) == len({owner.name for owner in owners}) == 250
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{3,40}", owner.code) for owner in owners)


def test_a_fleet_spans_countries_and_runs_every_model() -> None:
    assert len({site.place.country_code for site in FLEET.sites}) >= 5
    assert {unit.model.name for unit in FLEET.units} == {model.name for model in MODELS}
    for owner in FLEET.organizations:
        models = [unit.model.name for unit in FLEET.units if unit.org_id == owner.org_id]
        assert len(set(models)) == min(len(models), len(MODELS)) >= 2  # what one has seen, another may never have


def test_unit_codes_are_unique_in_their_organization() -> None:
    codes = [(unit.org_id, unit.code) for unit in FLEET.units]
    assert len(set(codes)) == len(codes)


def test_units_have_tags_in_proportion_to_what_their_model_has_to_see() -> None:
    shares = [(unit.tag_count - FEWEST_TAGS) / len(unit.model.instruments) for unit in FLEET.units]
    assert 1.1 < max(shares) / min(shares) < 1.1 / 0.9 * 1.05  # a tenth more or less, and rounding
    largest = max(FLEET.units, key=lambda unit: unit.tag_count)
    assert largest.model is max(MODELS, key=lambda model: len(model.instruments))


def test_normal_values_lie_well_within_the_range() -> None:
    for unit in FLEET.units:
        for tag in unit.tags:
            share = (tag.normal_value * tag.steps_per_unit - tag.low_step) / (tag.high_step - tag.low_step)
            assert tag.instrument.role in ("MODE", "STATE") or 0.05 < share < 0.95, tag.name
            assert tag.noise_sd < 0.01 * tag.span


def test_models_are_complete() -> None:
    for model in MODELS:
        known = {equipment.code for equipment in model.equipment}
        names = [instrument.name for instrument in model.instruments]
        assert len(set(names)) == len(names)
        for instrument in model.instruments:
            assert instrument.equipment in known
            assert set(re.findall(r"\{(.*?)\}", instrument.description)) <= known
            assert instrument.description.endswith(".")
            assert 86_400 % instrument.scan_seconds == 0 and instrument.scan_seconds % model.tick_seconds == 0
        for loop in range(len(model.loops)):
            roles = sorted(instrument.role for instrument in model.instruments if instrument.loop == loop)
            assert roles == ["MODE", "OP", "PV", "SP"], model.loops[loop].name
