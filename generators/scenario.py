"""What is to be generated: a preset's shape, the seed and the end of time, read from TOML and checked.

Behaviour never lives here: a scenario says how much and until when, the domain modules say how.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

PRESETS_FILE = Path(__file__).with_name("presets.toml")
DOMAINS = ("sales", "chemical")
DIRT = ("none", "realistic", "hostile")
LARGEST_SEED = 2**63 - 1  # the manifest is a raw table as well, and keeps the seed as a bigint
MOST_FAULTS_PER_UNIT_DAY = 10
LARGEST_COUNT = 10**12
MOST_YEARS_OF_GROWTH = 10


class ScenarioError(Exception):
    """The preset, the configuration file or a date is wrong; the message says what to do."""


@dataclass(frozen=True)
class SalesShape:
    """How big the sales company is. `orders` is exact over the `years` calendar years before the preset's end."""

    years: int
    orders: int
    customers: int
    products: int
    countries: int


@dataclass(frozen=True)
class ChemicalShape:
    """How big the fleet of plants is. `tags` is exact over all units; readings cover the `days` before the end.

    So many `faults` of the process occur in these days, beside the defects of instruments.
    """

    organizations: int
    units: int
    tags: int
    days: int
    faults: int


@dataclass(frozen=True)
class Scenario:
    """Everything that the output depends on, besides the code.

    The counts are exact up to `end`; the sales go on, at the same scale, or stop earlier, `until` another day.
    """

    preset: str
    seed: int
    end: date  # exclusive
    until: date  # exclusive
    domains: tuple[str, ...]
    sales: SalesShape
    chemical: ChemicalShape
    without: tuple[str, ...] = ()  # effects that are switched off
    dirt: str = "none"  # how badly the sales tables are soiled on their way: one of DIRT


def load_scenario(
    preset: str,
    seed: int,
    domains: tuple[str, ...] = DOMAINS,
    config: Path | None = None,
    until: date | None = None,
    without: tuple[str, ...] = (),
    dirt: str = "none",
) -> Scenario:
    """Read a preset and lay the user's own numbers over it. Raises ScenarioError with what to mend."""
    presets = _read_toml(PRESETS_FILE)
    if preset not in presets:
        raise ScenarioError(f"unknown preset '{preset}'; choose one of {', '.join(presets)}")
    numbers: dict[str, Any] = presets[preset]
    where = f"preset {preset}"
    if config is not None:
        numbers = _overlay(numbers, _read_toml(config), config)
        where = str(config)
    end = numbers["end"]
    if type(end) is not date:
        raise ScenarioError(f"{where}: end must be a date such as 2026-01-01, not {end!r}")
    if not 0 <= seed <= LARGEST_SEED:
        raise ScenarioError(f"the seed must be a whole number from 0 to {LARGEST_SEED}, not {seed}")
    sales = SalesShape(**numbers["sales"])
    chemical = ChemicalShape(**numbers["chemical"])
    _check_shape(sales, "sales", where)
    _check_shape(chemical, "chemical", where)
    if end.year - sales.years < 2000:
        raise ScenarioError(f"{where}: sales.years = {sales.years} reaches back before the year 2000; its end is {end}")
    if (end.month, end.day) != (1, 1):
        raise ScenarioError(f"{where}: end = {end}, but sales cover whole calendar years: use {end.year + 1}-01-01")
    first = date(end.year - sales.years, 1, 1)
    until = until or end
    if not first < until <= date(end.year + MOST_YEARS_OF_GROWTH, 1, 1):
        raise ScenarioError(
            f"--until {until}: the sales of {where} begin on {first} and can grow for {MOST_YEARS_OF_GROWTH} years after {end}"
        )
    if chemical.units < chemical.organizations:
        raise ScenarioError(
            f"{where}: {chemical.organizations} organizations share {chemical.units} units; each needs at least one"
        )
    most_faults = MOST_FAULTS_PER_UNIT_DAY * chemical.units * chemical.days
    if chemical.faults > most_faults:
        raise ScenarioError(
            f"{where}: chemical.faults = {chemical.faults}, but {chemical.units} units can have {most_faults}"
            f" in {chemical.days} days, {MOST_FAULTS_PER_UNIT_DAY} a day each"
        )
    return Scenario(
        preset=preset,
        seed=seed,
        end=end,
        until=until,
        domains=domains,
        sales=sales,
        chemical=chemical,
        without=tuple(sorted(set(without))),
        dirt=dirt,
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not valid TOML: {error}") from error


def _overlay(numbers: dict[str, Any], own: dict[str, Any], path: Path) -> dict[str, Any]:
    merged = dict(numbers)
    for key, value in own.items():
        if key not in numbers:
            raise ScenarioError(f"{path}: unknown key '{key}'; expected {', '.join(numbers)}")
        if isinstance(numbers[key], dict):
            if not isinstance(value, dict):
                raise ScenarioError(f"{path}: {key} must be a table, [{key}], not {value!r}")
            unknown = [name for name in value if name not in numbers[key]]
            if unknown:
                raise ScenarioError(f"{path}: unknown key '{key}.{unknown[0]}'; expected {', '.join(numbers[key])}")
            merged[key] = {**numbers[key], **value}
        else:
            merged[key] = value
    return merged


def _check_shape(shape: SalesShape | ChemicalShape, table: str, where: str) -> None:
    for field in fields(shape):
        value = getattr(shape, field.name)
        fewest = 0 if field.name == "faults" else 1
        if type(value) is not int or not fewest <= value <= LARGEST_COUNT:
            raise ScenarioError(
                f"{where}: {table}.{field.name} must be a whole number from {fewest} to {LARGEST_COUNT:,}, not {value!r}"
            )
