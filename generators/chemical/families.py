"""What the chemical half generates: the asset register once, and the historian unit by unit."""

from __future__ import annotations

from generators.chemical import assets, historian
from generators.engine.plan import Family
from generators.scenario import Scenario

FAMILIES: tuple[Family[Scenario], ...] = (
    Family("assets", tuple(assets.TABLES), assets.parts, assets.generate, grows=False),
    Family(
        "historian",
        ("historian.readings", "historian.ingest_files", "truth.defects", "alarm.events"),
        historian.parts,
        historian.generate,
        grows=False,
    ),
)
