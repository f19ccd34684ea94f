"""The synthesis section as it stands in a plant: equipment, loops and instruments of the Tennessee Eastman process.

Noise and the ranges of controlled values are the published ones; other ranges are chosen around them. Alarm limits of the
vessels are the normal operating limits of Downs and Vogel (1993), table 6. The order of the instruments is their importance:
a unit with few tags has the first ones.
"""

from __future__ import annotations

from typing import NamedTuple

from generators.chemical.processes.model import (
    AMPERE,
    CELSIUS,
    CUBIC_METRE_PER_HOUR,
    KILOGRAM_PER_HOUR,
    KILOWATT,
    ONE,
    PERCENT,
    REVOLUTIONS_PER_MINUTE,
    AlarmLimits,
    Equipment,
    Idle,
    Instrument,
    Loop,
    Span,
    UnitOfMeasure,
    loop_instruments,
    running_instrument,
)

STANDARD_FLOW = UnitOfMeasure("kSm³/h", "ZZ")  # thousand m³/h at standard conditions: recommendation 20 has no code of its own
KILOPASCAL = UnitOfMeasure("kPa", "KPA")
MOLE_PERCENT = UnitOfMeasure("mol%", "P1")

EQUIPMENT = (
    Equipment("R-101", "Reactor", "reactor", "Two-phase reactor that makes G and H from A, C, D and E; {E-101} cools it."),
    Equipment("E-101", "Reactor coil", "heat_exchanger", "Cooling coil inside {R-101}, fed with cooling water by {TV-110}."),
    Equipment("A-101", "Agitator", "agitator", "Agitator of {R-101} with a speed drive."),
    Equipment("E-102", "Condenser", "heat_exchanger", "Condenses the products that leave {R-101} as vapour, into {V-101}."),
    Equipment("V-101", "Separator", "vessel", "Parts the condensed products from the gas that goes back to {R-101}."),
    Equipment("K-101", "Recycle compressor", "compressor", "Centrifugal compressor that returns the gas of {V-101}."),
    Equipment("T-101", "Stripper", "column", "Strips unreacted E and D out of the product with the A and C feed."),
    Equipment("E-103", "Reboiler", "heat_exchanger", "Steam-heated reboiler of {T-101}."),
    Equipment("P-101", "Product pump", "pump", "Pumps the product G and H from the bottom of {T-101}."),
    Equipment("AX-101", "Feed analyser", "analyser", "Gas chromatograph on the feed of {R-101}, a sample every six minutes."),
    Equipment("AX-102", "Purge analyser", "analyser", "Gas chromatograph on the purge of {V-101}, a sample every six minutes."),
    Equipment(
        "AX-103", "Product analyser", "analyser", "Chromatograph on the product of {T-101}, a sample every quarter hour."
    ),
    Equipment("FV-101", "D feed valve", "control_valve", "Control valve of the D feed."),
    Equipment("FV-102", "E feed valve", "control_valve", "Control valve of the E feed."),
    Equipment("FV-103", "A feed valve", "control_valve", "Control valve of the A feed."),
    Equipment("FV-104", "A and C feed valve", "control_valve", "Control valve of the A and C feed to {T-101}."),
    Equipment("FV-105", "Spill-back valve", "control_valve", "Control valve from the discharge of {K-101} to its suction."),
    Equipment("FV-106", "Purge valve", "control_valve", "Control valve of the purge behind {V-101}."),
    Equipment("LV-107", "Separator valve", "control_valve", "Control valve of the liquid from {V-101} to {T-101}."),
    Equipment("LV-108", "Product valve", "control_valve", "Control valve of the product behind {P-101}."),
    Equipment("FV-109", "Steam valve", "control_valve", "Control valve of the steam to {E-103}."),
    Equipment("TV-110", "Coil water valve", "control_valve", "Control valve of the cooling water to {E-101}."),
    Equipment("TV-111", "Condenser water valve", "control_valve", "Control valve of the cooling water to {E-102}."),
)

# In the order of the control system's scan: the fast loops, the masters on transmitters, the masters on analysers.
LOOP_DESIGNS = (
    Loop("FIC-101", "Holds the D feed with {FV-101}.", 0.0, master=15),
    Loop("FIC-102", "Holds the E feed with {FV-102}.", 0.0, master=16),
    Loop("FIC-103", "Holds the A feed with {FV-103}.", 0.0, master=14),
    Loop("FIC-104", "Holds the A and C feed with {FV-104}.", 0.0, master=12, must_stay_automatic=True),
    Loop("FIC-105", "Holds the recycle of {K-101} with the spill-back {FV-105}.", 0.004),
    Loop("FIC-106", "Holds the purge with {FV-106}; the pressure of {V-101} overrides it.", 0.0, master=17),
    Loop("LIC-107", "Holds the level of {V-101} with {LV-107}.", 1.5, is_relative=False, must_stay_automatic=True),
    Loop("LIC-108", "Holds the level of {T-101} with {LV-108}.", 1.5, is_relative=False, must_stay_automatic=True),
    Loop("FIC-109", "Holds the steam to {E-103} with {FV-109}.", 0.0, master=11),
    Loop("TIC-110", "Holds the outlet of the cooling water of {E-101} with {TV-110}.",
         0.0, master=13, must_stay_automatic=True),
    Loop("FIC-111", "Holds the product flow with the cooling water of {E-102} through {TV-111}.",
         0.004, must_stay_automatic=True),
    Loop("TIC-116", "Holds the temperature of {T-101} with the set point of FIC-109.", 0.0, master=18),
    Loop("LIC-117", "Holds the level of {R-101} with the set point of FIC-104.",
         0.8, is_relative=False, must_stay_automatic=True),
    Loop("TIC-118", "Holds the temperature of {R-101} with the set point of TIC-110.",
         0.1, is_relative=False, must_stay_automatic=True),
    Loop("AIC-113", "Holds A in the feed of {R-101} with the set point of FIC-103.", 0.15, is_relative=False),
    Loop("AIC-114", "Holds D in the feed of {R-101} with the set point of FIC-101.", 0.05, is_relative=False),
    Loop("AIC-115", "Holds E in the feed of {R-101} with the set point of FIC-102.", 0.10, is_relative=False),
    Loop("AIC-119", "Holds B in the purge with the set point of FIC-106.", 0.10, is_relative=False),
    Loop("AIC-120", "Holds E in the product with the set point of TIC-116.", 0.01, is_relative=False),
)  # fmt: skip


class _Range(NamedTuple):
    """Range, published noise and decimals of a measurement."""

    unit: UnitOfMeasure
    low: float
    high: float
    noise_sd: float
    decimals: int


def _read(
    name: str, signal: str, equipment: str, description: str, measured: _Range, scan_seconds: int,
    limits: AlarmLimits | None = None, loop: int | None = None,
) -> Instrument:  # fmt: skip
    """An instrument that reads one of the published measurements."""
    unit, low, high, noise_sd, decimals = measured
    return Instrument(
        name, signal, equipment, description, unit, Span(low, high), decimals, scan_seconds, noise_sd / (high - low),
        loop=loop, limits=limits, is_held=scan_seconds >= 360,
    )  # fmt: skip


def _loop(
    loop: int, signal: str, equipment: str, what: str, measured: _Range, scan_seconds: int, final_element: str,
    moves: str, limits: AlarmLimits | None = None,
) -> tuple[Instrument, ...]:  # fmt: skip
    """The tags of a loop on one of the published measurements; `what` it measures, `moves` what its output goes to."""
    name = LOOP_DESIGNS[loop].name
    description = f"{what[0].upper()}{what[1:]}, as the controller sees it."
    pv = _read(f"{name}.PV", signal, equipment, description, measured, scan_seconds, limits, loop)
    return loop_instruments(
        loop, name, pv, f"Set point of the {what}.", f"Output of {name} to {moves}.", final_element
    )  # fmt: skip


def _mole_percent(high: float, noise_sd: float, decimals: int = 2) -> _Range:
    return _Range(MOLE_PERCENT, 0.0, high, noise_sd, decimals)


def _celsius(high: float) -> _Range:
    return _Range(CELSIUS, 0.0, high, 0.01, 2)


_PRESSURE = _Range(KILOPASCAL, 0.0, 3500.0, 0.3, 1)
_VESSEL_LEVEL = _Range(PERCENT, 0.0, 140.0, 1.0, 1)


def _position(number: str, signal: str, valve: str) -> Instrument:
    return Instrument(
        f"ZI-{number}",
        signal,
        valve,
        f"Position of {{{valve}}}, fed back by its positioner.",
        PERCENT,
        Span(0, 100),
        1,
        6,
        0.001,
    )


INSTRUMENTS = (
    *_loop(13, "reactor_temperature", "R-101", "temperature of {R-101}", _celsius(200.0), 3, "TV-110",
           "the set point of TIC-110", AlarmLimits(high=122.0, high_high=150.0, low=118.5)),
    *_loop(12, "reactor_level", "R-101", "level of {R-101}", _Range(PERCENT, -5.0, 120.0, 0.5, 1), 6, "FV-104",
           "the set point of FIC-104", AlarmLimits(low=50.0, high=100.0)),
    _read("PI-107", "reactor_pressure", "R-101", "Gauge pressure in {R-101}.", _PRESSURE, 3,
          AlarmLimits(high=2800.0, high_high=2895.0, low=2600.0)),
    running_instrument("R-101"),
    *_loop(6, "separator_level", "V-101", "level of {V-101}", _VESSEL_LEVEL, 6, "LV-107", "{LV-107}",
           AlarmLimits(low=30.0, high=100.0)),
    *_loop(7, "stripper_level", "T-101", "level in the bottom of {T-101}", _Range(PERCENT, -30.0, 135.0, 1.0, 1), 6, "LV-108",
           "{LV-108}", AlarmLimits(low=30.0, high=100.0)),
    *_loop(10, "product_flow", "P-101", "flow of the product behind {P-101}",
           _Range(CUBIC_METRE_PER_HOUR, 0.0, 49.1, 0.115, 2), 3, "TV-111", "{TV-111}", AlarmLimits(low=20.0, high=26.0)),
    *_loop(0, "d_feed_flow", "FV-101", "flow of the D feed", _Range(KILOGRAM_PER_HOUR, 0.0, 5811.0, 18.0, 0), 3, "FV-101",
           "{FV-101}", AlarmLimits(low=3200.0, high=4100.0)),
    *_loop(1, "e_feed_flow", "FV-102", "flow of the E feed", _Range(KILOGRAM_PER_HOUR, 0.0, 8354.0, 22.0, 0), 3, "FV-102",
           "{FV-102}", AlarmLimits(low=4000.0, high=5000.0)),
    *_loop(2, "a_feed_flow", "FV-103", "flow of the A feed", _Range(STANDARD_FLOW, 0.0, 1.017, 0.0012, 4), 3, "FV-103",
           "{FV-103}", AlarmLimits(low=0.05, high=0.60)),
    *_loop(3, "ac_feed_flow", "FV-104", "flow of the A and C feed to {T-101}", _Range(STANDARD_FLOW, 0.0, 15.25, 0.05, 2), 3,
           "FV-104", "{FV-104}", AlarmLimits(low=8.4, high=10.3)),
    *_loop(9, "reactor_water_outlet", "E-101", "temperature of the cooling water behind {E-101}", _celsius(150.0), 3, "TV-110",
           "{TV-110}", AlarmLimits(low=90.0, high=98.0)),
    *_loop(4, "recycle_flow", "K-101", "flow of the recycle through {K-101}", _Range(STANDARD_FLOW, 0.0, 53.0, 0.2, 2), 3,
           "FV-105", "{FV-105}", AlarmLimits(low=24.0, high=30.0)),
    *_loop(5, "purge_flow", "FV-106", "flow of the purge", _Range(STANDARD_FLOW, 0.0, 1.0, 0.0017, 4), 3, "FV-106",
           "{FV-106}", AlarmLimits(high=0.60)),
    *_loop(11, "stripper_temperature", "T-101", "temperature in the bottom of {T-101}", _celsius(130.0), 3, "FV-109",
           "the set point of FIC-109", AlarmLimits(low=60.0, high=71.0)),
    *_loop(8, "steam_flow", "E-103", "flow of the steam to {E-103}", _Range(KILOGRAM_PER_HOUR, 0.0, 600.0, 1.15, 1), 3,
           "FV-109", "{FV-109}"),
    *_loop(14, "feed_a", "AX-101", "share of A in the feed of {R-101}", _mole_percent(100.0, 0.25), 360, "FV-103",
           "the set point of FIC-103", AlarmLimits(low=29.0, high=35.5)),
    *_loop(15, "feed_d", "AX-101", "share of D in the feed of {R-101}", _mole_percent(100.0, 0.1), 360, "FV-101",
           "the set point of FIC-101"),
    *_loop(16, "feed_e", "AX-101", "share of E in the feed of {R-101}", _mole_percent(100.0, 0.25), 360, "FV-102",
           "the set point of FIC-102"),
    *_loop(17, "purge_b", "AX-102", "share of the inert B in the purge", _mole_percent(26.0, 0.1), 360, "FV-106",
           "the set point of FIC-106", AlarmLimits(high=17.0)),
    *_loop(18, "product_e", "AX-103", "share of E in the product of {T-101}", _mole_percent(1.6, 0.01, 3), 900, "FV-109",
           "the set point of TIC-116", AlarmLimits(high=1.05)),
    _read("PI-113", "separator_pressure", "V-101", "Gauge pressure in {V-101}.", _PRESSURE, 3,
          AlarmLimits(low=2400.0, high=2850.0)),
    _read("PI-116", "stripper_pressure", "T-101", "Gauge pressure at the head of {T-101}, where the feeds mix.",
          _Range(KILOPASCAL, 0.0, 4000.0, 0.3, 1), 3),
    _read("TI-111", "separator_temperature", "V-101", "Temperature of the liquid in {V-101}.", _celsius(130.0), 6,
          AlarmLimits(low=76.0, high=85.0)),
    _read("FI-106", "reactor_feed_flow", "R-101", "Flow of all gas into {R-101}.",
          _Range(STANDARD_FLOW, 0.0, 85.0, 0.21, 2), 3),
    _read("FI-114", "separator_underflow", "LV-107", "Flow of the liquid from {V-101} to {T-101}.",
          _Range(CUBIC_METRE_PER_HOUR, 0.0, 65.7, 0.125, 2), 3),
    _read("JI-120", "compressor_work", "K-101", "Power that {K-101} puts into the gas.",
          _Range(KILOWATT, 0.0, 500.0, 0.2, 1), 6),
    _read("TI-122", "condenser_water_outlet", "E-102", "Temperature of the cooling water behind {E-102}.", _celsius(130.0), 6),
    _read("AI-140", "product_g", "AX-103", "Share of G in the product of {T-101}.", _mole_percent(100.0, 0.5), 900),
    _read("AI-141", "product_h", "AX-103", "Share of H in the product of {T-101}.", _mole_percent(100.0, 0.5), 900),
    Instrument("FI-150", "reactor_water_flow", "E-101", "Flow of the cooling water to {E-101}.", CUBIC_METRE_PER_HOUR,
               Span(0, 230), 1, 6, 0.002),
    Instrument("FI-151", "condenser_water_flow", "E-102", "Flow of the cooling water to {E-102}.", CUBIC_METRE_PER_HOUR,
               Span(0, 275), 1, 6, 0.002),
    Instrument("TI-152", "reactor_water_inlet", "E-101", "Temperature of the cooling water before {E-101}.", CELSIUS,
               Span(0, 80), 1, 30, 0.001, 15.0),
    Instrument("TI-153", "condenser_water_inlet", "E-102", "Temperature of the cooling water before {E-102}.", CELSIUS,
               Span(0, 80), 1, 30, 0.001, 15.0),
    _position("110", "reactor_water_valve", "TV-110"),
    _position("111", "condenser_water_valve", "TV-111"),
    _read("AI-123", "feed_b", "AX-101", "Share of the inert B in the feed of {R-101}.", _mole_percent(50.0, 0.1), 360),
    _read("AI-125", "feed_c", "AX-101", "Share of C in the feed of {R-101}.", _mole_percent(100.0, 0.25), 360),
    _read("AI-129", "purge_a", "AX-102", "Share of A in the purge.", _mole_percent(100.0, 0.25), 360),
    _read("AI-131", "purge_c", "AX-102", "Share of C in the purge.", _mole_percent(100.0, 0.25), 360),
    _position("101", "d_feed_valve", "FV-101"),
    _position("102", "e_feed_valve", "FV-102"),
    _position("103", "a_feed_valve", "FV-103"),
    _position("104", "ac_feed_valve", "FV-104"),
    _position("105", "spill_back_valve", "FV-105"),
    _position("106", "purge_valve", "FV-106"),
    _position("107", "separator_valve", "LV-107"),
    _position("108", "product_valve", "LV-108"),
    _position("109", "steam_valve", "FV-109"),
    _read("AI-128", "feed_f", "AX-101", "Share of the by-product F in the feed of {R-101}.",
          _mole_percent(20.0, 0.025, 3), 360),
    _read("AI-132", "purge_d", "AX-102", "Share of D in the purge.", _mole_percent(10.0, 0.1), 360),
    _read("AI-133", "purge_e", "AX-102", "Share of E in the purge.", _mole_percent(100.0, 0.25), 360),
    _read("AI-134", "purge_f", "AX-102", "Share of the by-product F in the purge.", _mole_percent(20.0, 0.025, 3), 360),
    _read("AI-135", "purge_g", "AX-102", "Share of the product G in the purge.", _mole_percent(20.0, 0.05), 360),
    _read("AI-136", "purge_h", "AX-102", "Share of the product H in the purge.", _mole_percent(10.0, 0.05), 360),
    _read("AI-137", "product_d", "AX-103", "Share of D in the product of {T-101}.", _mole_percent(1.0, 0.01, 3), 900),
    _read("AI-139", "product_f", "AX-103", "Share of the by-product F in the product of {T-101}.",
          _mole_percent(1.0, 0.01, 3), 900),
    Instrument("JI-154", "reactor_duty", "E-101", "Heat that {E-101} takes from {R-101}, computed from flow and rise.",
               KILOWATT, Span(0, 12000), 0, 15, 0.001),
    Instrument("JI-155", "condenser_duty", "E-102", "Heat that {E-102} takes, computed from flow and rise.", KILOWATT,
               Span(0, 5000), 0, 15, 0.001),
    Instrument("PDI-156", "condenser_pressure_drop", "E-102", "Pressure drop from {R-101} to {V-101} over {E-102}.", KILOPASCAL,
               Span(0, 200), 1, 6, 0.002),
    Instrument("TI-157", "reactor_feed_temperature", "R-101", "Temperature of the mixed gas before {R-101}.", CELSIUS,
               Span(0, 200), 1, 15, 0.0005, 10.0),
    Instrument("II-158", "compressor_current", "K-101", "Motor current of {K-101}.", AMPERE, Span(0, 400), 1, 6, 0.001),
    Instrument("XI-159", "compressor_ratio", "K-101", "Pressure ratio of {K-101}, discharge over suction.", ONE, Span(1, 1.5),
               3, 15, 0.001),
    Instrument("TI-160", "compressor_bearing", "K-101", "Temperature of the drive-end bearing of {K-101}.", CELSIUS,
               Span(0, 150), 1, 60, 0.0008, 900.0),
    Instrument("SI-161", "agitator_speed", "A-101", "Speed of {A-101}.", REVOLUTIONS_PER_MINUTE, Span(0, 300), 0, 15, 0.001),
    Instrument("II-162", "agitator_current", "A-101", "Motor current of {A-101}.", AMPERE, Span(0, 60), 1, 6, 0.002),
    Instrument("II-163", "product_pump_current", "P-101", "Motor current of {P-101}.", AMPERE, Span(0, 25), 2, 6, 0.002),
    Instrument("TI-164", "d_feed_temperature", "FV-101", "Temperature of the D feed.", CELSIUS, Span(0, 100), 1, 30,
               0.001, 15.0),
    Instrument("TI-165", "ac_feed_temperature", "FV-104", "Temperature of the A and C feed.", CELSIUS, Span(0, 100), 1, 30,
               0.001, 15.0),
    Instrument("TI-166", "ambient", "E-102", "Temperature of the outside air at the cooling tower.", CELSIUS, Span(-40, 60), 1,
               60, 0.0008, 60.0),
)  # fmt: skip

_FLOWS = (
    "a_feed_flow", "d_feed_flow", "e_feed_flow", "ac_feed_flow", "recycle_flow", "reactor_feed_flow", "purge_flow",
    "separator_underflow", "product_flow", "steam_flow", "compressor_work", "compressor_current", "product_pump_current",
    "condenser_pressure_drop", "reactor_duty", "condenser_duty",
    "d_feed_valve", "e_feed_valve", "a_feed_valve", "ac_feed_valve", "purge_valve", "separator_valve", "product_valve",
    "steam_valve",
)  # fmt: skip
_CONTENTS = ("reactor_temperature", "separator_temperature", "stripper_temperature", "reactor_feed_temperature")
_WATER = ("reactor_water_outlet", "condenser_water_outlet")
_PRESSURES = ("reactor_pressure", "separator_pressure", "stripper_pressure")

# After a trip the feeds are shut and the compressor stands; agitator and cooling water go on, and the pressure is let down.
IDLE = {
    **{name: Idle(0.0, 30.0) for name in _FLOWS},
    **{name: Idle(45.0, 5400.0) for name in _CONTENTS},
    **{name: Idle(38.0, 1200.0) for name in _WATER},
    **{name: Idle(600.0, 3600.0) for name in _PRESSURES},
    "compressor_ratio": Idle(1.0, 30.0),
    "spill_back_valve": Idle(100.0, 30.0),
    "compressor_bearing": Idle(30.0, 3600.0),
}
