"""The range's vocabulary, read from vocabulary.toml beside this module, where every number is explained."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Category:
    """A category at level 2 of the tree."""

    name: str
    share: float
    price: float
    spread: float
    weight: float
    account: float
    peak: str
    nouns: tuple[str, ...]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Department:
    """A department at level 1: its SKU prefix, tax class and brands."""

    name: str
    prefix: str
    tax_class: str
    brands: tuple[str, ...]
    categories: tuple[Category, ...]


# Factor on a category's popularity in the months of its peak; southern seasons are half a year away, gifts are not.
PEAK_MONTHS: dict[str, tuple[int, ...]] = {"none": (), "gifts": (11, 12), "summer": (5, 6, 7), "winter": (11, 12, 1)}
PEAK_FACTOR = 1.8


def _department(entry: dict[str, Any]) -> Department:
    categories = [
        Category(**{**category, "nouns": tuple(category["nouns"]), "attributes": tuple(category["attributes"])})
        for category in entry["categories"]
    ]
    return Department(**{**entry, "brands": tuple(entry["brands"]), "categories": tuple(categories)})


DEPARTMENTS: tuple[Department, ...] = tuple(
    _department(entry) for entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["departments"]
)
