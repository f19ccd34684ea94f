"""The tank farm as it stands in a plant: equipment, loops and instruments of its tanks, pumps and lines.

The order of the instruments is their importance: a unit with few tags has the first ones.
"""

from __future__ import annotations

from dataclasses import replace

from generators.chemical.processes.model import (
    AMPERE,
    BAR,
    CELSIUS,
    CENTIMETRE,
    MILLIBAR,
    ONE,
    PERCENT,
    TONNE,
    TONNE_PER_HOUR,
    AlarmLimits,
    Equipment,
    Instrument,
    Loop,
    Span,
    loop_instruments,
    running_instrument,
)

EQUIPMENT = (
    Equipment("T-101", "Raw material tank 1", "tank", "Tank for raw material, filled from wagons; feeds the plant by {P-102}."),
    Equipment("T-102", "Raw material tank 2", "tank", "Tank for raw material, filled from wagons; feeds the plant by {P-102}."),
    Equipment("T-103", "Product tank 1", "tank", "Heated tank for the product of the plant, emptied by {P-104}."),
    Equipment("T-104", "Product tank 2", "tank", "Heated tank for the product of the plant, emptied by {P-104}."),
    Equipment("P-102", "Feed pump", "pump", "Centrifugal pump from {T-101} and {T-102} to the plant."),
    Equipment("P-104", "Loading pump", "pump", "Centrifugal pump from {T-103} and {T-104} to the loading rack."),
    Equipment("FV-101", "Receipt valve", "control_valve", "Control valve in the line from the wagons."),
    Equipment("FV-102", "Feed valve", "control_valve", "Control valve behind {P-102}."),
    Equipment("FV-103", "Rundown valve", "control_valve", "Control valve in the line from the plant."),
    Equipment("FV-104", "Loading valve", "control_valve", "Control valve behind {P-104}."),
    Equipment("TV-105", "Coil valve 1", "control_valve", "Control valve for steam to the coil of {T-103}."),
    Equipment("TV-106", "Coil valve 2", "control_valve", "Control valve for steam to the coil of {T-104}."),
)

LOOPS = (
    Loop("FIC-101", "Holds the receipt from the wagons with {FV-101}.", 0.03),
    Loop("FIC-102", "Holds the transfer to the plant with {FV-102}.", 0.03),
    Loop("FIC-103", "Holds the rundown from the plant with {FV-103}.", 0.03),
    Loop("FIC-104", "Holds the shipment to the loading rack with {FV-104}.", 0.03),
    Loop("TIC-105", "Holds the temperature of {T-103} with steam through {TV-105}.", 0.4, is_relative=False),
    Loop("TIC-106", "Holds the temperature of {T-104} with steam through {TV-106}.", 0.4, is_relative=False),
)

_FLOW = Span(-0.02, 2.0, relative=True)  # a meter of Coriolis type shows its noise at rest as well


def _flow_loop(
    loop: int, number: int, signal: str, equipment: str, what: str, limits: AlarmLimits | None
) -> tuple[Instrument, ...]:
    return loop_instruments(
        loop,
        f"FIC-{number}",
        Instrument(
            f"FIC-{number}.PV", signal, equipment, f"{what}, by a Coriolis meter at {{{equipment}}}.", TONNE_PER_HOUR, _FLOW,
            2, 5,
            0.001, loop=loop, limits=limits,
        ),
        f"Set point of FIC-{number}, as the operator entered it; nought while nothing is moved.",
        f"Output of FIC-{number} to {{{equipment}}}.",
        equipment,
    )  # fmt: skip


def _coil_loop(loop: int, tank: int) -> tuple[Instrument, ...]:
    name, vessel, valve = f"TIC-{100 + loop + 1}", f"T-10{tank}", f"TV-{100 + loop + 1}"
    return loop_instruments(
        loop,
        name,
        Instrument(
            f"{name}.PV", f"celsius_{tank}", vessel, f"Temperature of the product in {{{vessel}}}, as the controller sees it.",
            CELSIUS, Span(0, 120), 2, 10, 0.0003, loop=loop,
            limits=AlarmLimits(low_low=50.0, low=58.0, high=63.0, high_high=70.0, deadband=0.003, delay_seconds=120),
        ),
        f"Set point of the temperature of {{{vessel}}}, as the operator entered it.",
        f"Output of the temperature controller of {{{vessel}}} to {{{valve}}}.",
        valve,
    )  # fmt: skip


def _each(template: Instrument, tanks: str = "1234") -> tuple[Instrument, ...]:
    """The same instrument on several tanks: # stands for the number of the tank."""
    return tuple(
        replace(
            template,
            name=template.name.replace("#", number),
            signal=template.signal.replace("#", number),
            equipment=template.equipment.replace("#", number),
            description=template.description.replace("#", number),
        )
        for number in tanks
    )


def _state(name: str, signal: str, equipment: str, description: str, span: Span) -> Instrument:
    return Instrument(name, signal, equipment, description, ONE, span, 0, 10, 0.0, role="STATE")


INSTRUMENTS = (
    *_flow_loop(1, 102, "to_plant", "FV-102", "Flow of raw material to the plant",
                AlarmLimits(low_low=0.5, low=0.85, relative=True, deadband=0.01, delay_seconds=60)),
    *_flow_loop(2, 103, "from_plant", "FV-103", "Flow of product from the plant",
                AlarmLimits(low_low=0.5, low=0.85, relative=True, deadband=0.01, delay_seconds=60)),
    running_instrument("P-102"),
    *_each(Instrument("LI-11#", "level_#", "T-10#", "Level of {T-10#}, by radar.", PERCENT, Span(0, 100), 2, 5, 0.0002,
                      limits=AlarmLimits(low_low=6.0, low=13.5, high=86.5, high_high=93.0, delay_seconds=60))),
    *_flow_loop(0, 101, "receipt", "FV-101", "Flow of raw material from the wagons", None),
    *_flow_loop(3, 104, "shipment", "FV-104", "Flow of product to the loading rack", None),
    *_coil_loop(4, 3),
    *_coil_loop(5, 4),
    Instrument("LI-107", "bund_level", "T-103", "Level in the bund of the product tanks, at {T-103}.", CENTIMETRE, Span(-5, 40),
               1, 10, 0.001, 30.0, limits=AlarmLimits(high=3.0, high_high=12.0, delay_seconds=60)),
    _state("XS-121", "feeding_tank", "P-102", "Tank that feeds the plant by {P-102}: 101 or 102.", Span(100, 105)),
    _state("XS-122", "filling_tank", "FV-103", "Tank that takes the product from {FV-103}: 103 or 104.", Span(100, 105)),
    _state("XS-123", "receiving", "FV-101", "Whether a receipt from the wagons is under way: 1 or 0.", Span(0, 1)),
    _state("XS-124", "shipping", "P-104", "Whether a shipment by {P-104} is under way: 1 or 0.", Span(0, 1)),
    Instrument("WI-125", "raw_stock", "T-101", "Raw material in {T-101} and {T-102}, computed from level and density.", TONNE,
               Span(0, 2.0, relative=True), 1, 30, 0.0005),
    Instrument("WI-126", "product_stock", "T-103", "Product in {T-103} and {T-104}, computed from level and density.", TONNE,
               Span(0, 2.0, relative=True), 1, 30, 0.0005),
    *_each(Instrument("TI-13#", "celsius_#", "T-10#", "Temperature of the raw material in {T-10#}.", CELSIUS, Span(-20, 60),
               1, 30,
                      0.0008, 120.0), "12"),
    Instrument("PI-141", "feed_pressure", "P-102", "Pressure over ambient at the discharge of {P-102}.", BAR, Span(0, 8), 2, 5,
               0.001),
    Instrument("II-142", "feed_current", "P-102", "Motor current of {P-102}.", AMPERE, Span(0, 2.0, relative=True), 1, 5,
               0.0015),
    Instrument("PI-143", "shipment_pressure", "P-104", "Pressure over ambient at the discharge of {P-104}.", BAR, Span(0, 8),
               2, 5,
               0.001),
    Instrument("II-144", "shipment_current", "P-104", "Motor current of {P-104}.", AMPERE, Span(0, 2.0, relative=True), 1, 5,
               0.0015),
    Instrument("PI-145", "steam_pressure", "TV-105", "Pressure over ambient of the steam to the coils.", BAR, Span(0, 8), 2, 5,
               0.001, limits=AlarmLimits(low_low=1.2, low=2.9, deadband=0.03, delay_seconds=60)),
    Instrument("TI-147", "make_celsius", "FV-103", "Temperature of the product from the plant at {FV-103}.", CELSIUS, Span(0,
               120),
               1, 10, 0.0008, 20.0, limits=AlarmLimits(low=48.0, high=62.0, delay_seconds=120)),
    Instrument("TI-148", "receipt_celsius", "FV-101", "Temperature of the raw material from the wagons at {FV-101}.", CELSIUS,
               Span(-20, 60), 1, 30, 0.0008, 30.0),
    *_each(Instrument("PI-15#", "bottom_#", "T-10#", "Hydrostatic pressure at the bottom of {T-10#}.", MILLIBAR,
                      Span(0, 2.0, relative=True), 1, 10, 0.0008)),
    Instrument("TI-181", "ambient", "T-101", "Temperature of the outside air beside {T-101}.", CELSIUS, Span(-40, 60), 1, 60,
               0.0008,
               60.0),
)  # fmt: skip
