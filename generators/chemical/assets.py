"""The asset register and the tenants as raw tables: small, and the same for every day of the horizon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from generators.chemical.fleet import Fleet, Unit, fleet_of
from generators.chemical.limits import alarms_of
from generators.chemical.processes.model import Equipment
from generators.chemical.tags import Tag
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Part
from generators.engine.streams import stream
from generators.scenario import Scenario
from generators.schema.catalog import table as declared

REGISTERED_AT = datetime(2023, 6, 1)  # when the asset register went live and took over the older records
MANUFACTURERS = ("Arvell", "Bruckmann", "Cindal", "Dorsten & Pohl", "Entrion", "Fluvana", "Gessner", "Hydrel")
MAX_HOLD_INTERVALS = 10  # a value is stale after ten missed scans, and never before a minute has passed

Row = dict[str, Any]


def parts(scenario: Scenario) -> list[Part]:
    """One part: even the largest fleet's register fits in memory many times over."""
    return [Part("assets", "all", scenario.chemical.tags)]


def generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """Tenants and asset register, one file per table."""
    fleet = fleet_of(scenario)
    for table, rows in TABLES.items():
        yield _chunk(table, rows(fleet))


def _chunk(table: str, rows: Iterable[Row]) -> Chunk:
    listed = list(rows)
    columns = {name: [row[name] for row in listed] for name in declared(table).column_names}
    return Chunk(table, "part-all.parquet", rows_of(table, columns))


def _recorded(since: date) -> Row:
    at = max(datetime.combine(since, time()), REGISTERED_AT)
    return {"created_at": at, "updated_at": at}


def organizations(fleet: Fleet) -> Iterator[Row]:
    """Rows of iam.organizations."""
    for owner in fleet.organizations:
        yield {
            "org_id": owner.org_id,
            "org_code": owner.code,
            "org_name": owner.name,
            "description": owner.description,
            **_recorded(REGISTERED_AT.date()),
        }


def sites(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.sites."""
    for site in fleet.sites:
        yield {
            "org_id": site.organization.org_id,
            "site_id": site.site_id,
            "site_code": site.code,
            "site_name": f"{site.place.city} site",
            "description": f"Production site of {site.organization.name} in {site.place.city}.",
            "city": site.place.city,
            "country_code": site.place.country_code,
            "time_zone": site.place.time_zone,
            **_recorded(REGISTERED_AT.date()),
        }


def plants(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.plants."""
    for plant in fleet.plants:
        models = [unit.model for unit in fleet.units if unit.plant is plant]
        yield {
            "org_id": plant.site.organization.org_id,
            "plant_id": plant.plant_id,
            "site_id": plant.site.site_id,
            "plant_code": plant.code,
            "plant_name": f"Plant {plant.code} {plant.site.place.city}",
            "description": " ".join(dict.fromkeys(model.description for model in models)),
            **_recorded(REGISTERED_AT.date()),
        }


def units(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.units."""
    for unit in fleet.units:
        yield {
            "org_id": unit.org_id,
            "unit_id": unit.unit_id,
            "plant_id": unit.plant.plant_id,
            "unit_code": unit.code,
            "unit_name": f"{unit.model.unit_name} {unit.code}",
            "description": unit.model.description,
            "process_model": unit.model.name,
            "commissioned_on": unit.commissioned_on,
            **_recorded(unit.commissioned_on),
        }


def equipment(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.equipment."""
    for unit in fleet.units:
        rng = stream(unit.seed, "asset.equipment", "provenance", str(unit.unit_id))
        makers = rng.integers(0, len(MANUFACTURERS), len(unit.model.equipment))
        replaced_after = rng.integers(0, 2 * 365, len(unit.model.equipment))
        for item, maker, days in zip(unit.model.equipment, makers, replaced_after, strict=True):
            yield _equipment_row(unit, item, MANUFACTURERS[int(maker)], unit.commissioned_on + timedelta(days=int(days)))


def _equipment_row(unit: Unit, item: Equipment, manufacturer: str, installed_on: date) -> Row:
    return {
        "org_id": unit.org_id,
        "equipment_id": unit.equipment_id(item.code),
        "unit_id": unit.unit_id,
        "equipment_code": f"{unit.code}-{item.code}",
        "equipment_name": item.name,
        "equipment_class": item.equipment_class,
        "description": unit.in_words(item.description),
        "manufacturer": manufacturer,
        "installed_on": installed_on,
        **_recorded(installed_on),
    }


def control_loops(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.control_loops."""
    for unit in fleet.units:
        for number, loop in enumerate(unit.model.loops):
            gain, integral_time = float(unit.tuning.gains[number]), float(unit.tuning.integral_times[number])
            yield {
                "org_id": unit.org_id,
                "loop_id": unit.loop_id(number),
                "unit_id": unit.unit_id,
                "loop_name": f"{unit.code}-{loop.name}",
                "description": unit.in_words(loop.description),
                "controller_gain": round(abs(gain), 4),
                "integral_time_seconds": round(integral_time, 1) if isfinite(integral_time) else None,
                "control_action": "reverse" if gain > 0 else "direct",
                **_recorded(unit.commissioned_on),
            }


def tags(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.tags."""
    for unit in fleet.units:
        for tag in unit.tags:
            yield _tag_row(unit, tag)


def _tag_row(unit: Unit, tag: Tag) -> Row:
    instrument, compression = tag.instrument, tag.compression
    door = compression and compression.door
    return {
        "org_id": unit.org_id,
        "tag_id": tag.tag_id,
        "unit_id": unit.unit_id,
        "equipment_id": unit.equipment_id(instrument.equipment),
        "loop_id": None if instrument.loop is None else unit.loop_id(instrument.loop),
        "tag_name": tag.name,
        "isa_function": instrument.isa_function,
        "tag_role": instrument.role,
        "description": unit.in_words(instrument.description),
        "unit_of_measure": instrument.unit.symbol,
        "unece_code": instrument.unit.unece_code,
        "range_low": tag.low_step / tag.steps_per_unit,
        "range_high": tag.high_step / tag.steps_per_unit,
        "resolution": 1 / tag.steps_per_unit,
        "scan_interval_ms": tag.scan_interval_ms,
        "is_stepped": instrument.is_stepped,
        "exception_deviation": compression and compression.exception_deviation,
        "exception_max_seconds": compression and compression.exception_max_seconds,
        "compression_deviation": door and door.deviation,
        "compression_max_seconds": door and door.max_seconds,
        "max_hold_seconds": max(
            60, MAX_HOLD_INTERVALS * instrument.scan_seconds, compression.longest_gap_seconds if compression else 0
        ),
        "normal_value": tag.normal_value,
        "noise_sd": round(tag.noise_sd, 6),
        **_recorded(unit.commissioned_on),
    }


def tag_limits(fleet: Fleet) -> Iterator[Row]:
    """Rows of asset.tag_limits."""
    for unit in fleet.units:
        recorded = _recorded(unit.commissioned_on)
        for alarm in alarms_of(unit):
            yield {
                "org_id": unit.org_id,
                "tag_id": alarm.tag.tag_id,
                "condition": alarm.condition,
                "valid_from": recorded["created_at"].date(),
                "limit_value": alarm.limit_value,
                "deadband": alarm.deadband,
                "on_delay_seconds": alarm.on_delay_seconds,
                "off_delay_seconds": alarm.off_delay_seconds,
                "priority": alarm.priority,
                **recorded,
            }


TABLES: dict[str, Callable[[Fleet], Iterator[Row]]] = {
    "iam.organizations": organizations,
    "asset.sites": sites,
    "asset.plants": plants,
    "asset.units": units,
    "asset.equipment": equipment,
    "asset.control_loops": control_loops,
    "asset.tags": tags,
    "asset.tag_limits": tag_limits,
}
