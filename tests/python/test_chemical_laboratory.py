"""The laboratory: when it samples and reports, and how near its results are to the truth."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from generators.chemical.findings import moment
from generators.chemical.laboratory import (
    DRAWING_MINUTES,
    DRAWN_AT,
    MOST_EXTRA,
    RELATIVE_ERROR,
    REPORTING_HOURS,
    SPAN_ERROR,
    Sample,
    analysed,
    content,
)
from generators.chemical.processes.model import PERCENT
from generators.chemical.record import DayRecord
from generators.engine.columns import rows_of
from generators.schema.catalog import table
from tests.python.unit_days import told_days


def samples() -> list[tuple[DayRecord, Sample]]:
    return [(told.record, sample) for told in told_days() for sample in told.samples]


def truth(record: DayRecord, sample: Sample) -> float:
    """The mean of the true signal while the sample was collected."""
    since, until = (
        int((at - moment(record, 0)).total_seconds()) // record.unit.model.tick_seconds
        for at in (sample.collecting_began_at or sample.sampled_at, sample.sampled_at)
    )
    return float(np.mean(record.signals[sample.tag.instrument.signal][since : until + 1]))


def test_each_analysed_quantity_is_sampled_every_eight_hours_by_the_clock_of_the_site() -> None:
    for told in told_days():
        zone = ZoneInfo(told.record.unit.plant.site.place.time_zone)
        if not told.findings.trips:
            for tag in analysed(told.record.unit):
                spots = [found for found in told.samples if found.tag is tag and found.kind == "spot"]
                assert len(spots) == 3
        for sample in told.samples:
            if sample.kind == "spot":
                local = sample.sampled_at.replace(tzinfo=UTC).astimezone(zone)
                minutes = [local.hour * 60 + local.minute - clock.hour * 60 - clock.minute for clock in DRAWN_AT]
                assert any(0 <= late <= DRAWING_MINUTES for late in minutes)


def test_a_fault_brings_an_extra_sample() -> None:
    brought = 0
    for told in told_days():
        if not told.record.trips:
            extra = [found for found in told.samples if found.kind == "extra"]
            assert len(extra) == min(len(told.findings.faults), MOST_EXTRA) * len(analysed(told.record.unit))
            brought += len(extra)
    assert brought > 10


def test_results_come_an_hour_to_eight_later() -> None:
    hours = [(found.reported_at - found.sampled_at) / timedelta(hours=1) for _, found in samples()]
    assert min(hours) >= REPORTING_HOURS[0] and max(hours) <= REPORTING_HOURS[1]
    assert 2.0 < float(np.median(hours)) < 4.0  # drawn evenly in the logarithm: √8 h


def test_results_scatter_around_the_truth_with_the_laboratory_s_error() -> None:
    scores = []
    for record, sample in samples():
        if sample.value is not None:
            true = truth(record, sample)
            sd = RELATIVE_ERROR * content(sample.tag, true) + SPAN_ERROR * sample.tag.span
            scores.append((sample.value - true) / sd)
    assert len(scores) > 150
    assert 0.8 < float(np.std(scores)) < 1.2
    assert abs(float(np.mean(scores))) < 0.5  # the laboratories' own bias is a third of that


def test_a_rejected_sample_has_no_value_and_a_composite_says_since_when() -> None:
    rows = [row for told in told_days() for row in told.rows["lims.samples"]]
    assert all((row["value"] is None) == (row["sample_status"] == "rejected") for row in rows)
    assert all((row["collecting_began_at"] is not None) == (row["sample_kind"] == "composite") for row in rows)
    assert {row["sample_kind"] for row in rows} == {"spot", "composite", "extra"}


def test_rows_fit_the_contract_and_their_keys_are_unique() -> None:
    rows = [row for told in told_days() for row in told.rows["lims.samples"]]
    declared = table("lims.samples")
    rows_of("lims.samples", {name: [row[name] for row in rows] for name in declared.column_names})
    assert len({row["sample_id"] for row in rows}) == len(rows)
    assert all(row["created_at"] == row["reported_at"] for row in rows)


def test_a_purity_is_known_as_well_as_the_impurity() -> None:
    purity = next(tag for told in told_days() for tag in told.record.unit.tags if tag.instrument.unit is PERCENT)
    other = next(tag for told in told_days() for tag in told.record.unit.tags if tag.instrument.unit is not PERCENT)
    assert content(purity, 99.0) == content(purity, 1.0) == 1.0
    assert content(other, 99.0) == 99.0
