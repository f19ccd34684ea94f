"""The reactor section as it stands in a plant: equipment, loops and instruments around the Van de Vusse reactor.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    CENTIMETRE,
    CUBIC_METRE_PER_HOUR,
    KILOGRAM_PER_CUBIC_METRE,
    KILOGRAM_PER_HOUR,
    KILOWATT,
    MOLE_PER_LITRE,
    PERCENT,
    Equipment,
    Instrument,
    Loop,
    Span,
    loop_instruments,
)

EQUIPMENT = (
    Equipment("R-101", "Reactor", "reactor", "Stirred tank reactor in which A reacts to the product B over a cooling jacket."),
    Equipment("P-101", "Feed pump", "pump", "Centrifugal pump that feeds the preheated solution of A to {R-101}."),
    Equipment("FV-102", "Feed valve", "control_valve", "Control valve that throttles the feed to {R-101}."),
    Equipment("TV-101", "Coolant valve", "control_valve", "Control valve that throttles the cooling water to {E-101}."),
    Equipment("E-101", "Cooling jacket", "heat_exchanger", "Jacket around {R-101} that gives its heat to the cooling water."),
    Equipment("AX-101", "Product analyser", "analyser", "Process gas chromatograph on the product line of {R-101}."),
)

LOOPS = (
    Loop("TIC-101", "Holds the temperature of {R-101} with the cooling water through {TV-101}.", 0.7, is_relative=False),
    Loop("FIC-102", "Holds the feed flow to {R-101} with {FV-102}.", 0.05),
)

_TEMPERATURE = Span(0, 200)
_FLOW = Span(0, 2.0, relative=True)

INSTRUMENTS = (
    *loop_instruments(
        0,
        "TIC-101",
        Instrument(
            "TIC-101.PV", "temperature", "R-101", "Temperature of the contents of {R-101}, as the controller sees it.",
            CELSIUS, _TEMPERATURE, 2, 5, 0.0003, 6.0, loop=0,
        ),
        "Set point of the temperature of {R-101}, as the operator entered it.",
        "Output of the temperature controller of {R-101} to the coolant valve {TV-101}.",
        "TV-101",
    ),
    *loop_instruments(
        1,
        "FIC-102",
        Instrument(
            "FIC-102.PV", "feed_flow", "P-101", "Flow of the feed from {P-101} to {R-101}.",
            CUBIC_METRE_PER_HOUR, _FLOW, 2, 5, 0.0015, loop=1,
        ),
        "Set point of the feed flow to {R-101}, as the operator entered it.",
        "Output of the feed flow controller to the feed valve {FV-102}.",
        "FV-102",
    ),
    Instrument("TI-103A", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple A of three.",
               CELSIUS, _TEMPERATURE, 1, 10, 0.0006, 15.0),
    Instrument("TI-103B", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple B of three.",
               CELSIUS, _TEMPERATURE, 1, 10, 0.0006, 18.0),
    Instrument("TI-103C", "temperature", "R-101", "Temperature in the lower part of {R-101}, thermocouple C of three.",
               CELSIUS, _TEMPERATURE, 1, 10, 0.0006, 21.0),
    Instrument("TI-104", "jacket", "E-101", "Temperature of the jacket fluid of {R-101}.", CELSIUS, _TEMPERATURE, 1, 10,
               0.0006, 10.0),
    Instrument("FI-105", "coolant_flow", "E-101", "Flow of the cooling water to {E-101}.", KILOGRAM_PER_HOUR,
               Span(0, 4.0, relative=True), 0, 5, 0.0015),
    Instrument("TI-106", "coolant_in", "E-101", "Temperature of the cooling water at the inlet of {E-101}.", CELSIUS,
               Span(0, 60), 1, 30, 0.001, 20.0),
    Instrument("TI-107", "coolant_out", "E-101", "Temperature of the cooling water at the outlet of {E-101}.", CELSIUS,
               Span(0, 120), 1, 10, 0.001, 15.0),
    Instrument("AI-101B", "product_b", "AX-101", "Concentration of the product B behind {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 2), 3, 300, 0.0025, 120.0),
    Instrument("AI-101A", "product_a", "AX-101", "Concentration of unreacted A behind {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 5), 3, 300, 0.0015, 120.0),
    Instrument("PI-108", "feed_pressure", "P-101", "Pressure at the discharge of the feed pump {P-101}.", BAR, Span(0, 10),
               2, 5, 0.0015),
    Instrument("II-109", "pump_current", "P-101", "Motor current of the feed pump {P-101}.", AMPERE,
               Span(0, 2.0, relative=True), 2, 5, 0.002),
    Instrument("ZI-110", "coolant_valve", "TV-101", "Position of the coolant valve {TV-101}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001),
    Instrument("ZI-111", "feed_valve", "FV-102", "Position of the feed valve {FV-102}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001),
    Instrument("TI-112", "feed_temperature", "P-101", "Temperature of the preheated feed before {R-101}.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 12.0),
    Instrument("LI-113", "level", "R-101", "Level in {R-101} over the bottom tangent line.", CENTIMETRE, Span(0, 250), 1, 5,
               0.001),
    Instrument("PI-114", "vapour_pressure", "R-101", "Absolute pressure in the vapour space of {R-101}.", BAR, Span(0, 4), 3, 5,
               0.0008),
    Instrument("JI-115", "stirrer_power", "R-101", "Electric power of the stirrer of {R-101}.", KILOWATT,
               Span(0, 2.0, relative=True), 2, 5, 0.0015),
    Instrument("TI-116", "temperature", "R-101", "Temperature of {R-101} on a narrow range around its normal point.",
               CELSIUS, Span(-1.6, 1.6, around=True), 2, 10, 0.008, 6.0),
    Instrument("TI-117", "ambient", "E-101", "Temperature of the outside air at the cooling tower of {E-101}.", CELSIUS,
               Span(-40, 60), 1, 60, 0.0008, 60.0),
    Instrument("JI-118", "duty", "E-101", "Heat that the cooling water takes from {E-101}, computed from flow and rise.",
               KILOWATT, Span(0, 4.0, relative=True), 1, 10, 0.001),
    Instrument("PDI-119", "jacket_pressure_drop", "E-101", "Pressure drop of the cooling water across {E-101}.", BAR,
               Span(0, 2), 3, 5, 0.001),
    Instrument("PI-120", "coolant_pressure", "TV-101", "Pressure of the cooling water before {TV-101}.", BAR, Span(0, 8), 2,
               5, 0.0012),
    Instrument("TI-121", "wall", "R-101", "Skin temperature of the wall of {R-101} between contents and jacket.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 30.0),
    Instrument("TI-122", "pump_bearing", "P-101", "Temperature of the drive-end bearing of {P-101}.", CELSIUS, Span(0, 150),
               1, 60, 0.0008, 900.0),
    Instrument("DI-123", "density", "AX-101", "Density of the product behind {R-101}, by a Coriolis meter.",
               KILOGRAM_PER_CUBIC_METRE, Span(800, 1100), 1, 10, 0.0008, 15.0),
    Instrument("FI-124", "product_flow", "AX-101", "Flow of the product that leaves {R-101}.", CUBIC_METRE_PER_HOUR, _FLOW,
               2, 5, 0.0015, 20.0),
    Instrument("AI-125", "conversion", "AX-101", "Conversion of A in {R-101}, computed from feed and product analysis.",
               PERCENT, Span(0, 100), 2, 300, 0.001, 120.0),
    Instrument("TI-126", "outlet", "R-101", "Temperature of the product in the outlet line of {R-101}.", CELSIUS,
               _TEMPERATURE, 1, 10, 0.0006, 25.0),
    Instrument("II-127", "stirrer_current", "R-101", "Motor current of the stirrer of {R-101}.", AMPERE,
               Span(0, 2.0, relative=True), 2, 5, 0.002),
    Instrument("TI-128", "stirrer_bearing", "R-101", "Temperature of the upper bearing of the stirrer of {R-101}.", CELSIUS,
               Span(0, 150), 1, 60, 0.0008, 1200.0),
    Instrument("AI-129", "feed_concentration", "AX-101", "Concentration of A in the feed of {R-101}, by gas chromatography.",
               MOLE_PER_LITRE, Span(0, 8), 3, 300, 0.001, 180.0),
)  # fmt: skip
