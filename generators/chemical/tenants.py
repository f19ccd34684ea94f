"""Organizations: the tenants of the warehouse, who own plants and see nothing of each other."""

from __future__ import annotations

from dataclasses import dataclass

_STEMS = (
    "Halden", "Meridian", "Ostara", "Kestrel", "Brenta", "Solvane", "Tarnwald", "Aurelis", "Norvik", "Calder", "Ilmen",
    "Quarzon", "Verdane", "Lindquist", "Marrow Bay", "Sablon", "Teknora", "Ashgrove", "Cobaltine", "Rhenara",
)  # fmt: skip
_BRANCHES = (
    ("Chemicals", "chemicals", "Makes organic intermediates for coatings, plastics and crop protection."),
    ("Performance Materials", "materials", "Makes resins, additives and speciality solvents for industry."),
    ("Fine Chemistry", "fine", "Makes fine chemicals and active ingredients to order."),
    ("Process Industries", "process", "Runs bulk chemical and process water plants for industrial parks."),
    ("Polymers", "polymers", "Makes monomers and polymers for packaging and cables."),
)


@dataclass(frozen=True)
class Organization:
    """A tenant. `code` is lower case and fit for a login name."""

    org_id: int
    code: str
    name: str
    description: str


def organization(index: int) -> Organization:
    """The organization at `index`, counted from 0. Names repeat after 100 with a numeral behind them."""
    stem = _STEMS[index % len(_STEMS)]
    branch, short, description = _BRANCHES[(index + index // len(_STEMS)) % len(_BRANCHES)]
    lap = index // (len(_STEMS) * len(_BRANCHES))
    code = f"{stem.lower().replace(' ', '')}_{short}" + (f"_{lap + 1}" if lap else "")
    name = f"{stem} {branch}" + (f" {lap + 1}" if lap else "")
    return Organization(index + 1, code, name, description)
