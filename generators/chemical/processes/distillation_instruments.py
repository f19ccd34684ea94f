"""The butane splitter as it stands in a plant: equipment, loops and instruments around the distillation column.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    KILOGRAM_PER_HOUR,
    MILLIBAR,
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
    Equipment("C-101", "Column", "column", "Column of 39 trays that splits isobutane from n-butane."),
    Equipment("E-101", "Reboiler", "heat_exchanger", "Steam-heated reboiler at the bottom of {C-101}."),
    Equipment("E-102", "Condenser", "heat_exchanger", "Water-cooled total condenser on top of {C-101}."),
    Equipment("V-101", "Reflux drum", "vessel", "Drum that holds the condensate of {E-102} for reflux and distillate."),
    Equipment("P-101", "Reflux pump", "pump", "Pump that draws from {V-101} and gives reflux and distillate."),
    Equipment("P-102", "Bottoms pump", "pump", "Pump that draws the bottoms from {C-101}."),
    Equipment("P-103", "Feed pump", "pump", "Pump that feeds {C-101} from the tanks."),
    Equipment("TV-101", "Reflux valve", "control_valve", "Control valve that throttles the reflux to {C-101}."),
    Equipment("TV-102", "Steam valve", "control_valve", "Control valve that throttles the steam to {E-101}."),
    Equipment("LV-103", "Distillate valve", "control_valve", "Control valve that throttles the distillate from {V-101}."),
    Equipment("LV-104", "Bottoms valve", "control_valve", "Control valve that throttles the bottoms of {C-101}."),
    Equipment("FV-105", "Feed valve", "control_valve", "Control valve that throttles the feed to {C-101}."),
    Equipment("AX-101", "Chromatograph", "analyser", "Process gas chromatograph on feed, distillate and bottoms of {C-101}."),
)

LOOPS = (
    Loop("AIC-101", "Holds the isobutane in the distillate with the set point of the temperature above the feed.", 0.15, False),
    Loop("TIC-101", "Holds the temperature of tray 30 of {C-101} with the reflux through {TV-101}.", 0.0, False, master=0),
    Loop("AIC-102", "Holds the isobutane in the bottoms with the set point of the temperature below the feed.", 0.15, False),
    Loop("TIC-102", "Holds the temperature of tray 12 of {C-101} with the steam through {TV-102}.", 0.0, False, master=2),
    Loop("LIC-103", "Holds the level of {V-101} with the distillate through {LV-103}.", 3.0, False),
    Loop("LIC-104", "Holds the level at the bottom of {C-101} with the bottoms through {LV-104}.", 3.0, False),
    Loop("FIC-105", "Holds the feed flow to {C-101} with {FV-105}.", 0.03),
)

TRAYS = (1, 4, 8, 12, 16, 21, 26, 30, 34, 38, 41)  # stages with a thermometer, counted from the reboiler

_TEMPERATURE = Span(0, 100)
_FLOW = Span(0, 2.0, relative=True)
_DISTILLATE_LIMITS = AlarmLimits(None, -0.45, None, None, around=True)
_BOTTOMS_LIMITS = AlarmLimits(None, None, 0.55, 2.0, around=True)
_TRAY_LIMITS = AlarmLimits(None, -1.7, 1.7, None, around=True)
_LEVEL_LIMITS = AlarmLimits(10.0, 30.0, 70.0, 90.0)


def _loop(place: int, pv: Instrument, what: str, valve: str, final: str | None = None) -> tuple[Instrument, ...]:
    name = LOOPS[place].name
    goes_to = f"to {{{valve}}}" if final is None else f"to the set point of {final}"
    sp = f"Set point of {what}." if LOOPS[place].master is None else f"Set point of {what}, from the analyser controller."
    return loop_instruments(place, name, pv, sp, f"Output of the controller of {what} {goes_to}.", valve)


def _purity(
    place: int, name: str, signal: str, what: str, span: Span, limits: AlarmLimits, slave: str
) -> tuple[Instrument, ...]:
    pv = Instrument(f"{name}.PV", signal, "AX-101", f"Isobutane in the {what} of {{C-101}}, by gas chromatography.", PERCENT,
                    span, 3, 300, 0.002, loop=place, limits=limits, is_held=True)  # fmt: skip
    return _loop(place, pv, f"the isobutane in the {what} of {{C-101}}", "AX-101", slave)


def _tray(place: int, name: str, tray: int, valve: str) -> tuple[Instrument, ...]:
    pv = Instrument(f"{name}.PV", f"tray_{tray}", "C-101", f"Temperature of tray {tray} of {{C-101}}, as controlled.",
                    CELSIUS, _TEMPERATURE, 2, 5, 0.0003, loop=place, limits=_TRAY_LIMITS)  # fmt: skip
    return _loop(place, pv, f"the temperature of tray {tray} of {{C-101}}", valve)


def _level(place: int, name: str, signal: str, vessel: str, what: str, valve: str) -> tuple[Instrument, ...]:
    pv = Instrument(f"{name}.PV", signal, vessel, f"Level {what}.", PERCENT, Span(0, 100), 1, 5, 0.001, loop=place,
                    limits=_LEVEL_LIMITS)  # fmt: skip
    return _loop(place, pv, f"the level {what}", valve)


INSTRUMENTS = (
    *_purity(0, "AIC-101", "distillate_analysis", "distillate", Span(95, 100), _DISTILLATE_LIMITS, "TIC-101"),
    *_tray(1, "TIC-101", 30, "TV-101"),
    *_purity(2, "AIC-102", "bottoms_analysis", "bottoms", Span(0, 5), _BOTTOMS_LIMITS, "TIC-102"),
    *_tray(3, "TIC-102", 12, "TV-102"),
    *_loop(
        6,
        Instrument("FIC-105.PV", "feed_flow", "P-103", "Flow of the feed from {P-103} to {C-101}.", KILOGRAM_PER_HOUR, _FLOW, 0,
                   5, 0.0015, loop=6, limits=AlarmLimits(0.5, 0.93, 1.07, None, relative=True)),
        "the feed flow to {C-101}",
        "FV-105",
    ),
    running_instrument("C-101"),
    Instrument("PI-106", "top_pressure", "C-101", "Absolute pressure at the top of {C-101}.", BAR, Span(0, 10), 3, 5, 0.0005,
               limits=AlarmLimits(None, 5.82, 6.15, 6.8)),
    Instrument("PDI-107", "pressure_drop", "C-101", "Pressure drop across the trays of {C-101}.", MILLIBAR, Span(0, 500), 1, 5,
               0.002, limits=AlarmLimits(None, 0.7, 1.25, 1.8, relative=True)),
    Instrument("FI-108", "reflux_flow", "P-101", "Flow of the reflux from {P-101} to {C-101}.", KILOGRAM_PER_HOUR, _FLOW, 0, 5,
               0.0015, limits=AlarmLimits(0.4, 0.82, 1.15, None, relative=True)),
    Instrument("FI-109", "steam_flow", "E-101", "Flow of the steam to {E-101}.", KILOGRAM_PER_HOUR, _FLOW, 0, 5, 0.002,
               limits=AlarmLimits(0.4, 0.82, 1.15, None, relative=True)),
    *_level(4, "LIC-103", "drum_level", "V-101", "of {V-101}", "LV-103"),
    *_level(5, "LIC-104", "sump_level", "C-101", "at the bottom of {C-101}", "LV-104"),
    Instrument("FI-110", "distillate_flow", "V-101", "Flow of the distillate from {V-101}.", KILOGRAM_PER_HOUR, _FLOW, 0, 5,
               0.0015),
    Instrument("FI-111", "bottoms_flow", "P-102", "Flow of the bottoms from {P-102}.", KILOGRAM_PER_HOUR, _FLOW, 0, 5, 0.0015),
    Instrument("TI-112", "tray_1", "E-101", "Temperature of the liquid in {E-101}.", CELSIUS, _TEMPERATURE, 2, 10, 0.0004, 15.0,
               limits=AlarmLimits(None, None, 3.0, 7.0, around=True)),
    *(
        Instrument(f"TI-{number}", f"tray_{tray}", "C-101", f"Temperature of tray {tray} of {{C-101}}.", CELSIUS, _TEMPERATURE,
                   2, 10, 0.0004, 15.0)
        for number, tray in enumerate((4, 8, 16, 21, 26, 34, 38), start=113)
    ),
    Instrument("TI-120", "tray_41", "V-101", "Temperature of the condensate in {V-101}.", CELSIUS, _TEMPERATURE, 2, 10, 0.0004,
               20.0, limits=AlarmLimits(None, None, 3.0, 6.0, around=True)),
    Instrument("TI-121", "coolant_out", "E-102", "Temperature of the cooling water behind {E-102}.", CELSIUS, Span(0, 80), 1,
               10, 0.001, 15.0),
    Instrument("PI-122", "steam_pressure", "TV-102", "Pressure of the steam before {TV-102}.", BAR, Span(0, 8), 2, 5, 0.001,
               limits=AlarmLimits(None, 0.94, None, None, relative=True)),
    Instrument("PI-123", "feed_pressure", "P-103", "Pressure of the feed behind {P-103}.", BAR, Span(0, 25), 2, 5, 0.001,
               limits=AlarmLimits(None, None, 1.07, None, relative=True)),
    Instrument("AI-124", "feed_analysis", "AX-101", "Isobutane in the feed of {C-101}, by gas chromatography.", PERCENT,
               Span(20, 80), 2, 300, 0.002, 120.0),
    Instrument("II-125", "reflux_pump_current", "P-101", "Motor current of the reflux pump {P-101}.", AMPERE, Span(0, 50), 1, 5,
               0.002),
    Instrument("ZI-126", "reflux_valve", "TV-101", "Position of the reflux valve {TV-101}, fed back by its positioner.",
               PERCENT, Span(0, 100), 1, 5, 0.001),
)  # fmt: skip
