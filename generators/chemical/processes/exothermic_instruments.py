"""The section around the exothermic reactor as it stands in a plant: equipment, loops and instruments.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    CENTIMETRE,
    CUBIC_METRE_PER_HOUR,
    KILOGRAM_PER_HOUR,
    KILOWATT,
    MOLE_PER_LITRE,
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
    Equipment("R-101", "Reactor", "reactor", "Stirred tank reactor in which A reacts to B and releases much heat."),
    Equipment("E-101", "Cooling jacket", "heat_exchanger", "Jacket around {R-101} that gives its heat to chilled water."),
    Equipment("P-101", "Feed pump", "pump", "Centrifugal pump that feeds the preheated solution of A to {R-101}."),
    Equipment("TV-102", "Coolant valve", "control_valve", "Control valve that throttles the chilled water to {E-101}."),
    Equipment("FV-103", "Feed valve", "control_valve", "Control valve that throttles the feed to {R-101}."),
    Equipment("AX-101", "Reactor analyser", "analyser", "Process gas chromatograph on feed and product of {R-101}."),
)

LOOPS = (
    Loop("TIC-101", "Holds the temperature of {R-101} with the set point of the jacket {E-101}.", 0.5, is_relative=False),
    Loop("TIC-102", "Holds the temperature of {E-101} with the chilled water through {TV-102}.", 0.0, False, master=0),
    Loop("FIC-103", "Holds the feed flow to {R-101} with {FV-103}.", 0.02),
)

_TEMPERATURE = Span(0, 150)
_FLOW = Span(0, 2.0, relative=True)
_REACTOR_LIMITS = AlarmLimits(72.0, 74.5, 79.5, 83.0)

INSTRUMENTS = (
    *loop_instruments(
        0,
        "TIC-101",
        Instrument(
            "TIC-101.PV", "temperature", "R-101", "Temperature of the contents of {R-101}, as the controller sees it.",
            CELSIUS, _TEMPERATURE, 2, 5, 0.0002, loop=0, limits=_REACTOR_LIMITS,
        ),
        "Set point of the temperature of {R-101}, as the operator entered it.",
        "Output of the temperature controller of {R-101} to the set point of TIC-102.",
        "R-101",
    ),
    *loop_instruments(
        1,
        "TIC-102",
        Instrument(
            "TIC-102.PV", "jacket", "E-101", "Temperature of the water in the jacket {E-101}, as the controller sees it.",
            CELSIUS, _TEMPERATURE, 2, 5, 0.0002, loop=1, limits=AlarmLimits(None, -9.0, 9.0, None, around=True),
        ),
        "Set point of the temperature of {E-101}, from the controller of {R-101}.",
        "Output of the jacket temperature controller to the coolant valve {TV-102}.",
        "TV-102",
    ),
    running_instrument("R-101"),
    Instrument("TI-104A", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple A of three.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 15.0, limits=AlarmLimits(None, None, 81.0, 86.0)),
    Instrument("TI-104B", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple B of three.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 18.0),
    Instrument("TI-104C", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple C of three.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 21.0),
    Instrument("FI-105", "coolant_flow", "E-101", "Flow of the chilled water to {E-101}.", KILOGRAM_PER_HOUR,
               Span(0, 4.0, relative=True), 0, 5, 0.0015, limits=AlarmLimits(None, 0.4, 2.0, None, relative=True)),
    *loop_instruments(
        2,
        "FIC-103",
        Instrument(
            "FIC-103.PV", "feed_flow", "P-101", "Flow of the feed from {P-101} to {R-101}.", CUBIC_METRE_PER_HOUR, _FLOW, 2, 5,
            0.0015, loop=2, limits=AlarmLimits(0.6, 0.9, 1.1, None, relative=True),
        ),
        "Set point of the feed flow to {R-101}, as the operator entered it.",
        "Output of the feed flow controller to the feed valve {FV-103}.",
        "FV-103",
    ),
    Instrument("TI-106", "coolant_in", "E-101", "Temperature of the chilled water at the inlet of {E-101}.", CELSIUS,
               Span(0, 60), 1, 30, 0.001, 20.0, limits=AlarmLimits(None, None, 2.0, None, around=True)),
    Instrument("PI-107", "coolant_pressure", "TV-102", "Pressure of the chilled water before {TV-102}.", BAR, Span(0, 8), 2, 5,
               0.0012, limits=AlarmLimits(1.6, 3.4, None, None)),
    Instrument("TI-108", "coolant_out", "E-101", "Temperature of the chilled water at the outlet of {E-101}.", CELSIUS,
               Span(0, 100), 1, 10, 0.001, 15.0),
    Instrument("AI-109", "concentration", "AX-101", "Concentration of unreacted A in {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 1), 3, 300, 0.002, 120.0, limits=AlarmLimits(None, -0.12, 0.12, 0.25, around=True)),
    Instrument("AI-110", "product", "AX-101", "Concentration of the product B in {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 1), 3, 300, 0.002, 120.0),
    Instrument("LI-111", "level", "R-101", "Level in {R-101} over the bottom tangent line.", CENTIMETRE, Span(0, 250), 1, 5,
               0.0005, limits=AlarmLimits(152.0, 158.0, 175.0, None)),
    Instrument("TI-112", "feed_temperature", "P-101", "Temperature of the preheated feed before {R-101}.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 12.0, limits=AlarmLimits(None, -1.8, 1.8, None, around=True)),
    Instrument("PI-113", "feed_pressure", "P-101", "Pressure at the discharge of the feed pump {P-101}.", BAR, Span(0, 10), 2,
               5, 0.0015, limits=AlarmLimits(None, 5.1, None, None)),
    Instrument("PI-114", "vapour_pressure", "R-101", "Absolute pressure in the vapour space of {R-101}.", BAR, Span(0, 3), 3, 5,
               0.0008, limits=AlarmLimits(None, None, 0.03, 0.08, around=True)),
    Instrument("ZI-115", "coolant_valve", "TV-102", "Position of the coolant valve {TV-102}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001, limits=AlarmLimits(None, 5.0, 80.0, 95.0)),
    Instrument("ZI-116", "feed_valve", "FV-103", "Position of the feed valve {FV-103}, fed back by its positioner.", PERCENT,
               Span(0, 100), 1, 5, 0.001),
    Instrument("JI-117", "duty", "E-101", "Heat that the chilled water takes from {E-101}, computed from flow and rise.",
               KILOWATT, Span(0, 4.0, relative=True), 1, 10, 0.001),
    Instrument("JI-118", "heat_release", "R-101", "Heat of reaction in {R-101}, computed from feed and analysis.", KILOWATT,
               Span(0, 3.0, relative=True), 1, 300, 0.002),
    Instrument("AI-119", "conversion", "AX-101", "Conversion of A in {R-101}, computed from feed and product analysis.",
               PERCENT, Span(0, 100), 2, 300, 0.001, 120.0),
    Instrument("AI-120", "feed_concentration", "AX-101", "Concentration of A in the feed of {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 2), 3, 300, 0.001, 180.0),
    Instrument("II-121", "pump_current", "P-101", "Motor current of the feed pump {P-101}.", AMPERE,
               Span(0, 2.0, relative=True), 2, 5, 0.002),
    Instrument("JI-122", "stirrer_power", "R-101", "Electric power of the stirrer of {R-101}.", KILOWATT,
               Span(0, 2.0, relative=True), 2, 5, 0.0015),
    Instrument("TI-123", "temperature", "R-101", "Temperature of {R-101} on a narrow range around its normal point.",
               CELSIUS, Span(-8.0, 8.0, around=True), 2, 10, 0.002, 6.0),
    Instrument("PDI-124", "jacket_pressure_drop", "E-101", "Pressure drop of the chilled water across {E-101}.", BAR,
               Span(0, 2), 3, 5, 0.001),
    Instrument("TI-125", "wall", "R-101", "Skin temperature of the wall of {R-101} between contents and jacket.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 30.0),
    Instrument("TI-126", "outlet", "R-101", "Temperature of the product in the outlet line of {R-101}.", CELSIUS, _TEMPERATURE,
               1, 10, 0.0006, 25.0),
    Instrument("FI-127", "product_flow", "R-101", "Flow of the product that leaves {R-101}.", CUBIC_METRE_PER_HOUR, _FLOW, 2, 5,
               0.0015, 20.0),
    Instrument("TI-128", "pump_bearing", "P-101", "Temperature of the drive-end bearing of {P-101}.", CELSIUS, Span(0, 150), 1,
               60, 0.0008, 900.0),
    Instrument("TI-129", "stirrer_bearing", "R-101", "Temperature of the upper bearing of the stirrer of {R-101}.", CELSIUS,
               Span(0, 150), 1, 60, 0.0008, 1200.0),
    Instrument("II-130", "stirrer_current", "R-101", "Motor current of the stirrer of {R-101}.", AMPERE,
               Span(0, 2.0, relative=True), 2, 5, 0.002),
    Instrument("TI-131", "ambient", "E-101", "Temperature of the outside air at the chiller of {E-101}.", CELSIUS,
               Span(-40, 60), 1, 60, 0.0008, 60.0),
)  # fmt: skip
