"""What disturbs the fed-batch fermenter and what goes wrong with it, in the order of the rows that its time loop reads."""

from __future__ import annotations

from generators.chemical.processes.model import Disturbance, Fault

DISTURBANCES = (
    Disturbance("feed strength", 1.0, 0.012, 40_000.0),  # over normal
    Disturbance("coolant pressure", 1.0, 0.03, 240.0),  # over normal
    Disturbance("steam pressure", 1.0, 0.03, 300.0),  # over normal
    Disturbance("air pressure", 1.0, 0.02, 300.0),  # over normal
    Disturbance("activity of the organism", 1.0, 0.02, 10_800.0),  # over normal
)

# Rows of FAULTS that the physics reads; the other faults act on a disturbance.
CONTAMINATED, FEED_BLOCKED, STIRRER_SLIPS, SPARGER_FOULED, BASE_PUMP_STICKS = range(5)

FAULTS = (
    Fault("contamination", "Foreign organisms get into {R-101}.", (0.002, 0.02)),  # kg/(m³ h)
    Fault("feed_line_blocked", "The feed line behind {P-102} is partly blocked.", (0.40, 0.90), (120.0, 720.0)),
    Fault("stirrer_slips", "The belt of the stirrer of {R-101} slips.", (0.35, 0.70)),
    Fault("sparger_fouling", "The sparger of {R-101} fouls and its bubbles grow.", (0.30, 0.60), (300.0, 1100.0), is_ramp=True),
    Fault("base_pump_sticks", "The base pump {P-101} answers in jerks.", (6.0, 15.0), (240.0, 960.0)),
    Fault(
        "feed_strength_step", "The feed of {R-101} was made up with another strength.", (0.10, 0.25), (240.0, 960.0),
        acts_on="feed strength", has_either_sign=True,
    ),
    Fault("coolant_pressure_loss", "The supply pressure of the cooling water before {TV-101} drops.", (-0.85, -0.50),
          acts_on="coolant pressure"),
    Fault("steam_pressure_loss", "The supply pressure of the steam before {TV-102} drops.", (-0.60, -0.30),
          acts_on="steam pressure"),
)  # fmt: skip
