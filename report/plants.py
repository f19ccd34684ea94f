"""Pictures of the plants: a normal day of a unit of each process model, and the same day with a fault, as its tags show them.

Writes docs/plants/<model>.svg and docs/plants/README.md. The units are those of the preset medium.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl

from generators.chemical.defects import DayOfDefects
from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.measurement import observe_day
from generators.chemical.processes.model import Fault
from generators.chemical.processes.registry import MODELS
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "plants"
DAY = date(2025, 12, 26)
WARM_UP_DAYS = 1
SHOWN = 8  # tags
ONSET, END = 8 * 3600, 16 * 3600
NORMAL, FAULTY = "a normal day", "the same day with a fault"

HEAD = """# A day of each plant

One unit of each process model, seen through its instruments: on a normal day, and on the same day with a fault of the process
from 8 to 16 o'clock UTC. The last reading of every minute is drawn. Made by `python -m report.plants`.
"""

# The fault that is shown of each model.
TELLING = {
    "tennessee_eastman": "reactor_water_warm",
    "van_de_vusse_reactor": "coolant_pressure_loss",
    "fed_batch_fermenter": "stirrer_slips",
    "distillation_column": "feed_composition_step",
    "quadruple_tank": "outlet_1_blocked",
    "exothermic_reactor": "feed_temperature_step",
    "wood_berry_column": "tray_damage",
    "utilities": "steam_demand_surge",
    "tank_farm": "feed_pump_wear",
}


def main() -> int:
    """Draw one unit of every model."""
    FOLDER.mkdir(exist_ok=True)
    units = fleet_of(load_scenario("medium", seed=1)).units
    sections = []
    for model in MODELS:
        unit = next(unit for unit in units if unit.model is model)
        names = [fault.name for fault in model.faults]
        which = names.index(TELLING[model.name])
        fault = model.faults[which]
        size = sum(fault.magnitudes) / 2
        faulty = _observed(unit, [FaultEpisode(which, ONSET, END, size)], FAULTY)
        frame = _telling(pl.concat([_observed(unit, [], NORMAL), faulty]))
        _chart(frame).save(FOLDER / f"{model.name}.svg")
        sections.append(_section(unit, fault))
    (FOLDER / "README.md").write_text("\n".join([HEAD, *sections]), encoding="utf-8")
    return 0


def _section(unit: Unit, fault: Fault) -> str:
    model = unit.model
    return (
        f"## {model.unit_name}\n\n{model.description} Here: {unit.in_words(fault.description)} (`{fault.name}`)\n\n"
        f"![{model.unit_name}: {SHOWN} tags on a normal day and on a day with a fault]({model.name}.svg)\n"
    )


def _observed(unit: Unit, episodes: Sequence[FaultEpisode], kind: str) -> pl.DataFrame:
    """The last reading of every minute of the tags that are shown."""
    state, instruments = first_state(unit), None
    for day in (DAY - timedelta(days=number) for number in range(WARM_UP_DAYS, -1, -1)):
        unit_day, state = simulate_day(unit, state, episodes if day == DAY else [], day)
        observed, instruments = observe_day(unit, unit_day.signals, instruments, DayOfDefects({}, None), day)
    titles = {
        tag.tag_id: f"{tag.name} in {tag.instrument.unit.symbol}"
        for tag in unit.tags
        if tag.instrument.role in ("PV", "OP") and tag.instrument in unit.model.instruments
    }
    frame = pl.DataFrame({"tag_id": observed.tag_id, "at": observed.measured_us, "value": observed.value})
    midnight = int(np.datetime64(DAY, "us").astype(np.int64))
    return (
        frame.filter(pl.col("tag_id").is_in(list(titles)))
        .with_columns(((pl.col("at") - midnight) // 60_000_000 / 60).alias("hour"))
        .group_by("tag_id", "hour")
        .agg(pl.col("value").last())
        .sort("tag_id", "hour")
        .with_columns(pl.col("tag_id").replace_strict(titles).alias("tag"), pl.lit(kind).alias("day"))
    )


def _telling(frame: pl.DataFrame) -> pl.DataFrame:
    """The first tags of the unit, and those that the fault moves most for their usual scatter."""
    during = pl.col("hour").is_between(ONSET / 3600, END / 3600)
    means = frame.filter(during).group_by("tag", "day").agg(pl.col("value").mean(), pl.col("value").std().alias("scatter"))
    wide = means.filter(pl.col("day") == NORMAL).join(means.filter(pl.col("day") == FAULTY), on="tag")
    moved = wide.select("tag", ((pl.col("value") - pl.col("value_right")).abs() / (pl.col("scatter") + 1e-9)).alias("move"))
    names = frame["tag"].unique(maintain_order=True).to_list()
    chosen = names[: SHOWN // 2] + [name for name in moved.sort("move", "tag", descending=True)["tag"] if name not in names[:4]]
    return frame.filter(pl.col("tag").is_in(chosen[:SHOWN]))


def _chart(frame: pl.DataFrame) -> alt.ConcatChart:
    colour = alt.Color("day:N", title=None, scale=alt.Scale(domain=[NORMAL, FAULTY]), legend=alt.Legend(orient="top"))
    hours = alt.X("hour:Q", title="hour (UTC)", scale=alt.Scale(domain=[0, 24]), axis=alt.Axis(values=[0, 6, 12, 18, 24]))
    value = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False))
    charts = [
        alt.Chart(readings.drop("tag_id", "tag"), title=str(tag))
        .mark_line(strokeWidth=1)
        .encode(x=hours, y=value, color=colour)
        .properties(width=280, height=90)
        for (tag,), readings in frame.group_by("tag", maintain_order=True)
    ]
    return alt.concat(*charts, columns=2)


if __name__ == "__main__":
    sys.exit(main())
