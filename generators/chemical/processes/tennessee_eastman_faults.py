"""What goes wrong with a Tennessee Eastman unit: the published disturbances IDV 1 to 20 (Downs and Vogel 1993), in their order.

A magnitude of 1 is the published size. Some are barely seen under control, as published (3, 9 and 15); the loss of a feed
trips the unit within hours.
"""

from __future__ import annotations

from generators.chemical.processes.model import Fault

_STEP = (0.6, 1.0)
_HOURS = (120.0, 720.0)
_LONG = (480.0, 1200.0)  # minutes; a walk takes hours to come to its size
_FULL = (0.8, 1.0)

FAULTS = (
    Fault("ac_feed_ratio_shift", "The A and C feed loses A against C, at the same content of the inert B.", _STEP, _HOURS),
    Fault("ac_feed_inert_rise", "The A and C feed brings more of the inert B, at the same ratio of A to C.", _STEP, _HOURS),
    Fault("d_feed_temperature_step", "The D feed arrives warmer or colder.", _FULL, _HOURS, has_either_sign=True),
    Fault("reactor_water_warm", "The cooling water arrives warmer at the coil {E-101} of the reactor.", _STEP, _HOURS),
    Fault("condenser_water_warm", "The cooling water arrives warmer at the condenser {E-102}.", _STEP, _HOURS),
    Fault("a_feed_loss", "The A feed fails.", (1.0, 1.0), (60.0, 480.0)),
    Fault("ac_header_pressure_loss", "The header of the A and C feed loses pressure.", _STEP, _HOURS),
    Fault("ac_feed_composition_wanders", "The composition of the A and C feed wanders.", _FULL, _LONG),
    Fault("d_feed_temperature_wanders", "The temperature of the D feed wanders.", _FULL, _LONG),
    Fault("ac_feed_temperature_wanders", "The temperature of the A and C feed wanders.", _FULL, _LONG),
    Fault("reactor_water_wanders", "The temperature of the cooling water to {E-101} wanders.", _FULL, _LONG),
    Fault("condenser_water_wanders", "The temperature of the cooling water to {E-102} wanders.", _FULL, _LONG),
    Fault("kinetics_drift", "The reactions to G and H drift faster and slower: the catalyst in {R-101} changes.", _FULL, _LONG),
    Fault("reactor_water_valve_sticks", "The cooling water valve {TV-110} of the reactor sticks.", _FULL, _HOURS),
    Fault("condenser_water_valve_sticks", "The cooling water valve {TV-111} of the condenser sticks.", _FULL, _HOURS),
    Fault("reboiler_transfer_wanders", "The heat transfer of the reboiler {E-103} wanders.", _FULL, _LONG),
    Fault("reactor_fouling", "The cooling coil {E-101} fouls and comes clean again.", _FULL, _LONG),
    Fault("condenser_fouling", "The condenser {E-102} fouls and comes clean again.", _FULL, _LONG),
    Fault("several_valves_stick", "The valves {FV-105}, {LV-107}, {LV-108} and {FV-109} stick.", _FULL, _HOURS),
    Fault("condenser_line_blocks", "The line from {R-101} to {E-102} clogs and comes free again.", _FULL, _LONG),
)
