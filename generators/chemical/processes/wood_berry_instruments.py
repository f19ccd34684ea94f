"""The methanol column as it stands in a plant: equipment, loops and instruments around Wood and Berry's column.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    KILOGRAM_PER_CUBIC_METRE,
    KILOGRAM_PER_HOUR,
    KILOWATT,
    MILLIBAR,
    ONE,
    PERCENT,
    AlarmLimits,
    Equipment,
    Instrument,
    Loop,
    Span,
    loop_instruments,
    running_instrument,
)

EQUIPMENT = (
    Equipment("C-101", "Column", "column", "Column of eight trays that recovers methanol from water."),
    Equipment("E-101", "Reboiler", "heat_exchanger", "Steam-heated reboiler at the bottom of {C-101}."),
    Equipment("E-102", "Condenser", "heat_exchanger", "Water-cooled total condenser on top of {C-101}."),
    Equipment("P-101", "Reflux pump", "pump", "Pump that gives the condensate of {E-102} as reflux and distillate."),
    Equipment("P-102", "Feed pump", "pump", "Pump that feeds {C-101}."),
    Equipment("FV-102", "Reflux valve", "control_valve", "Control valve that throttles the reflux to {C-101}."),
    Equipment("FV-104", "Steam valve", "control_valve", "Control valve that throttles the steam to {E-101}."),
    Equipment("FV-105", "Feed valve", "control_valve", "Control valve that throttles the feed to {C-101}."),
    Equipment("AX-101", "Distillate analyser", "analyser", "Infrared analyser in the distillate line of {C-101}."),
    Equipment("AX-103", "Bottoms analyser", "analyser", "Infrared analyser in the bottoms line of {C-101}."),
)

LOOPS = (
    Loop(
        "AIC-101", "Holds the methanol in the distillate of {C-101} with the set point of the reflux.", 0.3, is_relative=False
    ),
    Loop("FIC-102", "Holds the flow of the reflux to {C-101} with {FV-102}.", 0.0, master=0),
    Loop("AIC-103", "Holds the methanol in the bottoms of {C-101} with the set point of the steam.", 0.25, is_relative=False),
    Loop("FIC-104", "Holds the flow of the steam to {E-101} with {FV-104}.", 0.0, master=2),
    Loop("FIC-105", "Holds the flow of the feed to {C-101} with {FV-105}.", 0.02),
)

_TEMPERATURE = Span(0, 150)
_FLOW = Span(0, 2.0, relative=True)


def _flow(place: int, signal: str, what: str, equipment: str, valve: str, limits: AlarmLimits) -> tuple[Instrument, ...]:
    name = LOOPS[place].name
    entered = "as the operator entered it" if LOOPS[place].master is None else "from the analyser controller"
    return loop_instruments(
        place,
        name,
        Instrument(f"{name}.PV", signal, equipment, f"Flow of the {what}.", KILOGRAM_PER_HOUR, _FLOW, 1, 5, 0.0015, loop=place,
                   limits=limits),
        f"Set point of the flow of the {what}, {entered}.",
        f"Output of the flow controller of the {what} to {{{valve}}}.",
        valve,
    )  # fmt: skip


INSTRUMENTS = (
    *loop_instruments(
        0,
        "AIC-101",
        Instrument(
            "AIC-101.PV", "distillate_methanol", "AX-101", "Methanol in the distillate of {C-101}, weight share, by infrared.",
            PERCENT, Span(90, 100), 3, 30, 0.002, loop=0, limits=AlarmLimits(None, -0.65, 0.65, None, around=True),
        ),
        "Set point of the methanol in the distillate of {C-101}, as the operator entered it.",
        "Output of the distillate controller of {C-101} to the set point of FIC-102.",
        "AX-101",
    ),
    *_flow(1, "reflux_flow", "reflux to {C-101}", "P-101", "FV-102", AlarmLimits(0.55, 0.85, 1.15, None, relative=True)),
    *loop_instruments(
        2,
        "AIC-103",
        Instrument(
            "AIC-103.PV", "bottoms_methanol", "AX-103", "Methanol in the bottoms of {C-101}, weight share, by infrared.",
            PERCENT, Span(0, 10), 3, 30, 0.002, loop=2, limits=AlarmLimits(None, None, 0.7, 2.5, around=True),
        ),
        "Set point of the methanol in the bottoms of {C-101}, as the operator entered it.",
        "Output of the bottoms controller of {C-101} to the set point of FIC-104.",
        "AX-103",
    ),
    *_flow(3, "steam_flow", "steam to {E-101}", "E-101", "FV-104", AlarmLimits(0.55, 0.88, 1.12, 1.35, relative=True)),
    running_instrument("C-101"),
    Instrument("PI-106", "top_pressure", "C-101", "Absolute pressure at the top of {C-101}.", BAR, Span(0, 2), 3, 5, 0.0005,
               limits=AlarmLimits(None, None, 0.03, 0.06, around=True)),
    Instrument("PDI-107", "pressure_drop", "C-101", "Pressure drop across the trays of {C-101}.", MILLIBAR, Span(0, 250), 1, 5,
               0.002, limits=AlarmLimits(None, 72.0, 120.0, 180.0)),
    Instrument("TI-108", "top_temperature", "C-101", "Temperature of the vapour at the top of {C-101}.", CELSIUS, _TEMPERATURE,
               2, 10, 0.0004, 15.0, limits=AlarmLimits(None, None, 0.6, 3.0, around=True)),
    Instrument("TI-109", "bottom_temperature", "E-101", "Temperature of the bottoms of {C-101}.", CELSIUS, _TEMPERATURE, 2, 10,
               0.0004, 15.0, limits=AlarmLimits(None, -1.7, None, None, around=True)),
    *_flow(4, "feed_flow", "feed to {C-101}", "P-102", "FV-105", AlarmLimits(0.5, 0.95, 1.05, None, relative=True)),
    Instrument("TI-110", "tray_2", "C-101", "Temperature of tray 2 of {C-101}.", CELSIUS, _TEMPERATURE, 2, 10, 0.0004, 15.0),
    Instrument("TI-111", "tray_4", "C-101", "Temperature of the feed tray 4 of {C-101}.", CELSIUS, _TEMPERATURE, 2, 10, 0.0004,
               15.0),
    Instrument("TI-112", "tray_7", "C-101", "Temperature of tray 7 of {C-101}.", CELSIUS, _TEMPERATURE, 2, 10, 0.0004, 15.0),
    Instrument("FI-113", "distillate_flow", "P-101", "Flow of the distillate from {P-101}.", KILOGRAM_PER_HOUR, _FLOW, 1, 5,
               0.0015),
    Instrument("FI-114", "bottoms_flow", "C-101", "Flow of the bottoms from {C-101}.", KILOGRAM_PER_HOUR, _FLOW, 1, 5, 0.0015),
    Instrument("PI-115", "steam_pressure", "FV-104", "Pressure of the steam before {FV-104}.", BAR, Span(0, 6), 2, 5, 0.001,
               limits=AlarmLimits(1.5, 3.2, None, None)),
    Instrument("PI-116", "reflux_pressure", "P-101", "Pressure behind the reflux pump {P-101}.", BAR, Span(0, 8), 2, 5, 0.001,
               limits=AlarmLimits(1.5, 3.8, None, None)),
    Instrument("PI-117", "feed_pressure", "P-102", "Pressure behind the feed pump {P-102}.", BAR, Span(0, 10), 2, 5, 0.001,
               limits=AlarmLimits(None, None, 4.4, None)),
    Instrument("ZI-118", "reflux_valve", "FV-102", "Position of the reflux valve {FV-102}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001, limits=AlarmLimits(None, None, 80.0, 95.0)),
    Instrument("ZI-119", "steam_valve", "FV-104", "Position of the steam valve {FV-104}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001, limits=AlarmLimits(None, None, 75.0, 95.0)),
    Instrument("TI-120", "condensate_temperature", "E-102", "Temperature of the condensate behind {E-102}.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 20.0),
    Instrument("TI-121", "feed_temperature", "P-102", "Temperature of the feed before {C-101}.", CELSIUS, _TEMPERATURE, 1, 10,
               0.0006, 15.0),
    Instrument("TI-122", "coolant_in", "E-102", "Temperature of the cooling water before {E-102}.", CELSIUS, Span(0, 60), 1, 30,
               0.001, 20.0),
    Instrument("TI-123", "coolant_out", "E-102", "Temperature of the cooling water behind {E-102}.", CELSIUS, Span(0, 80), 1,
               10, 0.001, 15.0),
    Instrument("JI-124", "condenser_duty", "E-102", "Heat that {E-102} gives to the cooling water, computed.", KILOWATT,
               Span(0, 2.0, relative=True), 0, 10, 0.001),
    Instrument("FI-125", "condensate_flow", "E-101", "Flow of the steam condensate from {E-101}.", KILOGRAM_PER_HOUR, _FLOW, 1,
               10, 0.002, 60.0),
    Instrument("AI-126", "reflux_ratio", "C-101", "Reflux over distillate of {C-101}, computed.", ONE,
               Span(0, 3.0, relative=True), 2, 10, 0.001),
    Instrument("AI-127", "recovery", "C-101", "Share of the methanol in the feed of {C-101} that leaves as distillate.",
               PERCENT, Span(0, 120), 1, 60, 0.001),
    Instrument("II-128", "reflux_pump_current", "P-101", "Motor current of the reflux pump {P-101}.", AMPERE, Span(0, 20), 2, 5,
               0.002),
    Instrument("II-129", "feed_pump_current", "P-102", "Motor current of the feed pump {P-102}.", AMPERE, Span(0, 20), 2, 5,
               0.002),
    Instrument("DI-130", "density", "P-101", "Density of the distillate behind {P-101}, by a Coriolis meter.",
               KILOGRAM_PER_CUBIC_METRE, Span(750, 850), 1, 10, 0.001, 15.0),
    Instrument("TI-131", "reflux_pump_bearing", "P-101", "Temperature of the drive-end bearing of {P-101}.", CELSIUS,
               Span(0, 150), 1, 60, 0.0008, 900.0),
    Instrument("TI-132", "ambient", "E-102", "Temperature of the outside air at the cooling tower of {E-102}.", CELSIUS,
               Span(-40, 60), 1, 60, 0.0008, 60.0),
)  # fmt: skip
