"""The process water section as it stands in a plant: equipment, loops and instruments around the quadruple tank.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from dataclasses import replace

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    CENTIMETRE,
    CUBIC_METRE_PER_HOUR,
    KILOWATT,
    MILLIBAR,
    PERCENT,
    REVOLUTIONS_PER_MINUTE,
    AlarmLimits,
    Equipment,
    Instrument,
    Loop,
    Span,
    loop_instruments,
    running_instrument,
)

EQUIPMENT = (
    Equipment("T-101", "Lower tank 1", "tank", "First lower tank under level control; it drains into the sump {T-105}."),
    Equipment("T-102", "Lower tank 2", "tank", "Second lower tank under level control; it drains into the sump {T-105}."),
    Equipment("T-103", "Upper tank 3", "tank", "Upper tank that drains into the lower tank {T-101}."),
    Equipment("T-104", "Upper tank 4", "tank", "Upper tank that drains into the lower tank {T-102}."),
    Equipment("T-105", "Sump", "tank", "Sump from which both pumps draw and into which the lower tanks drain."),
    Equipment("P-101", "Circulation pump 1", "pump", "Speed-controlled pump that serves the level of {T-101}."),
    Equipment("P-102", "Circulation pump 2", "pump", "Speed-controlled pump that serves the level of {T-102}."),
    Equipment("HV-101", "Split valve 1", "control_valve", "Three-way valve that splits {P-101} between two tanks."),
    Equipment("HV-102", "Split valve 2", "control_valve", "Three-way valve that splits {P-102} between two tanks."),
)

LOOPS = (
    Loop("LIC-101", "Holds the level of {T-101} with the speed of {P-101}.", 0.05),
    Loop("LIC-102", "Holds the level of {T-102} with the speed of {P-102}.", 0.05),
)

_LEVEL = Span(0, 1.8, relative=True)
_FLOW = Span(0, 2.0, relative=True)
_UPPER_LEVEL = Span(0, 3.0, relative=True)


def _level_loop(tank: int) -> tuple[Instrument, ...]:
    vessel, pump = f"T-10{tank}", f"P-10{tank}"
    return loop_instruments(
        tank - 1,
        f"LIC-10{tank}",
        Instrument(
            f"LIC-10{tank}.PV", f"level_{tank}", vessel, f"Level of the lower tank {{{vessel}}}, as the controller sees it.",
            CENTIMETRE, _LEVEL, 1, 5, 0.0008, loop=tank - 1,
            limits=AlarmLimits(0.60, 0.78, 1.22, 1.40, relative=True, delay_seconds=60),
        ),
        f"Set point of the level of {{{vessel}}}, as the operator entered it.",
        f"Output of the level controller of {{{vessel}}} to the speed drive of {{{pump}}}.",
        pump,
    )  # fmt: skip


def _both(template: Instrument) -> tuple[Instrument, Instrument]:
    """The same instrument on both trains: # stands for the number of the train."""
    first, second = (
        replace(
            template,
            name=template.name.replace("#", number),
            signal=template.signal.replace("#", number),
            equipment=template.equipment.replace("#", number),
            description=template.description.replace("#", number),
        )
        for number in ("1", "2")
    )
    return first, second


INSTRUMENTS = (
    *_level_loop(1),
    *_level_loop(2),
    running_instrument("P-101"),
    *_both(Instrument("FI-11#", "pump_flow_#", "P-10#", "Flow at the discharge of the pump {P-10#}.",
                      CUBIC_METRE_PER_HOUR, _FLOW, 2, 5, 0.0015,
                      limits=AlarmLimits(0.25, 0.45, 1.60, relative=True))),
    Instrument("LI-103", "level_3", "T-103", "Level of the upper tank {T-103}.", CENTIMETRE, _UPPER_LEVEL, 1, 5, 0.001,
               limits=AlarmLimits(low=0.12, high=2.3, relative=True, delay_seconds=60)),
    Instrument("LI-104", "level_4", "T-104", "Level of the upper tank {T-104}.", CENTIMETRE, _UPPER_LEVEL, 1, 5, 0.001,
               limits=AlarmLimits(low=0.12, high=2.3, relative=True, delay_seconds=60)),
    *_both(Instrument("PI-12#", "discharge_pressure_#", "P-10#", "Absolute pressure at the discharge of the pump {P-10#}.",
                      BAR, Span(0, 4), 3, 5, 0.0008,
                      limits=AlarmLimits(0.75, 0.85, 1.25, relative=True))),
    *_both(Instrument("II-13#", "current_#", "P-10#", "Motor current of the pump {P-10#}.", AMPERE,
                      Span(0, 2.5, relative=True), 2, 5, 0.0015,
                      limits=AlarmLimits(low=0.6, high=1.7, relative=True))),
    *_both(Instrument("SI-14#", "speed_#", "P-10#", "Shaft speed of the pump {P-10#}.", REVOLUTIONS_PER_MINUTE,
                      Span(0, 3000), 0, 5, 0.0004,
                      limits=AlarmLimits(high=1.65, relative=True))),
    Instrument("LI-105", "sump_level", "T-105", "Level of the water in the sump {T-105}.", CENTIMETRE,
               Span(0, 2.0, relative=True), 1, 10, 0.001, 10.0,
               limits=AlarmLimits(0.92, 0.97, 1.03, 1.08, relative=True, delay_seconds=60)),
    Instrument("TI-106", "sump_water", "T-105", "Temperature of the water in the sump {T-105}.", CELSIUS, Span(0, 50), 1, 30,
               0.0015, 1800.0,
               limits=AlarmLimits(high=35, delay_seconds=60)),
    Instrument("LI-107", "level_1", "T-101", "Level of {T-101} on a narrow range around its normal point.", CENTIMETRE,
               Span(0.93, 1.07, relative=True), 2, 10, 0.006),
    *_both(Instrument("FI-15#", "outflow_#", "T-10#", "Flow that drains from the lower tank {T-10#} into the sump {T-105}.",
                      CUBIC_METRE_PER_HOUR, _FLOW, 2, 10, 0.0015,
                      limits=AlarmLimits(low=0.80, high=1.20, relative=True))),
    Instrument("TI-108", "ambient", "T-105", "Temperature of the outside air at the tank farm, beside {T-105}.", CELSIUS,
               Span(-40, 60), 1, 60, 0.0008, 60.0),
    *_both(Instrument("TI-16#", "bearing_#", "P-10#", "Temperature of the drive-end bearing of {P-10#}.", CELSIUS,
                      Span(0, 120), 1, 60, 0.0008, 900.0,
                      limits=AlarmLimits(high=75, high_high=85, delay_seconds=60))),
    *_both(Instrument("PI-17#", "bottom_pressure_#", "T-10#", "Hydrostatic pressure at the bottom of the tank {T-10#}.",
                      MILLIBAR, Span(0, 1.8, relative=True), 1, 10, 0.001)),
    *_both(Instrument("JI-18#", "power_#", "P-10#", "Electric power that the motor of {P-10#} takes.", KILOWATT,
                      Span(0, 2.5, relative=True), 3, 5, 0.001)),
    *_both(Instrument("ZI-19#", "split_#", "HV-10#", "Share of the flow of {P-10#} that {HV-10#} sends straight down.",
                      PERCENT, Span(0, 100), 1, 10, 0.0015,
                      limits=AlarmLimits(low=-6, high=6, around=True, delay_seconds=60))),
    *_both(Instrument("FI-20#", "direct_flow_#", "HV-10#", "Flow from {HV-10#} through the direct branch to a lower tank.",
                      CUBIC_METRE_PER_HOUR, _FLOW, 2, 10, 0.0015)),
    *_both(Instrument("FI-21#", "upper_flow_#", "HV-10#", "Flow from {HV-10#} through the riser to an upper tank.",
                      CUBIC_METRE_PER_HOUR, _FLOW, 2, 10, 0.0015)),
    Instrument("PI-109", "suction_pressure", "T-105", "Absolute pressure in the common suction line behind {T-105}.", BAR,
               Span(0.5, 2.0), 3, 10, 0.0005,
               limits=AlarmLimits(low=-0.02, around=True)),
    *_both(Instrument("FI-22#", "demand_#", "T-10#", "Flow that the consumers draw from the tank {T-10#}.",
                      CUBIC_METRE_PER_HOUR, Span(0, 3.0, relative=True), 3, 10, 0.002,
                      limits=AlarmLimits(high=2.6, relative=True))),
    *_both(Instrument("TI-23#", "water_#", "P-10#", "Temperature of the water at the discharge of {P-10#}.", CELSIUS,
                      Span(0, 60), 1, 30, 0.001, 60.0,
                      limits=AlarmLimits(high=42, delay_seconds=60))),
    Instrument("FI-153", "outflow_3", "T-103", "Flow that drains from the upper tank {T-103} into {T-101}.",
               CUBIC_METRE_PER_HOUR, _FLOW, 2, 10, 0.0015),
    Instrument("FI-154", "outflow_4", "T-104", "Flow that drains from the upper tank {T-104} into {T-102}.",
               CUBIC_METRE_PER_HOUR, _FLOW, 2, 10, 0.0015),
)  # fmt: skip
