"""What the chemical half generates: the asset register and the accounts once, and the history unit by unit."""

from __future__ import annotations

from generators.chemical import accounts, assets, history
from generators.engine.plan import Family
from generators.scenario import Scenario

FAMILIES: tuple[Family[Scenario], ...] = (
    Family("assets", tuple(assets.TABLES), assets.parts, assets.generate, grows=False),
    Family("accounts", tuple(accounts.TABLES), accounts.parts, accounts.generate, grows=False),
    Family("historian", history.TABLES, history.parts, history.generate, goes_on=history.go_on),
)
