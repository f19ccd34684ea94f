"""The logbook: it speaks of what happened, with the numbers of the record, in many voices."""

import re
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any

import numpy as np
import pytest

from generators.chemical import paperwork
from generators.chemical.batches import runs_batches
from generators.chemical.findings import CHANCE_OF_NOTICING, Display, moment
from generators.chemical.fleet import fleet_of
from generators.chemical.logbook import Entry, Headline
from generators.chemical.people import staff_of
from generators.chemical.record import DayRecord
from generators.chemical.shifts import shift_at
from generators.chemical.wording import (
    SHORTEST_MISTYPED,
    STYLES,
    TYPOS_PER_WORD,
    Phrase,
    finished,
    mistyped,
    vocabulary,
    worded,
    writer,
)
from generators.engine.columns import rows_of
from generators.schema.catalog import table
from tests.python.unit_days import small_fleet, told_days, unit_days

SPOKEN_OF_WITHIN = timedelta(days=2)


def entries() -> list[tuple[DayRecord, Entry]]:
    return [(told.record, entry) for told in told_days() for entry in told.entries]


def rows(name: str) -> list[dict[str, Any]]:
    return [row for told in told_days() for row in told.rows[name]]


def when_spoken_of(column: str) -> dict[int, list[tuple[str, Any]]]:
    """Aspect and moment of every entry about a fault, trip or defect."""
    written = {row["entry_id"]: row["written_at"] for row in rows("logbook.entries")}
    found: dict[int, list[tuple[str, Any]]] = {}
    for row in rows("truth.logbook_subjects"):
        if row[column] is not None:
            found.setdefault(row[column], []).append((row["aspect"], written[row["entry_id"]]))
    return found


@pytest.mark.parametrize("name", ["logbook.entries", "truth.logbook_subjects", "truth.faults", "truth.trips"])
def test_rows_fit_the_contract_and_their_keys_are_unique(name: str) -> None:
    declared, found = table(name), rows(name)
    rows_of(name, {column: [row[column] for row in found] for column in declared.column_names})
    assert len({tuple(row[column] for column in declared.key) for row in found}) == len(found) > 0


def test_every_fault_is_spoken_of_and_symptoms_come_before_causes() -> None:
    spoken = when_spoken_of("fault_id")
    tripped = {trip.fault.fault_id for told in told_days() for trip in told.findings.trips if trip.fault}
    causes = 0
    for fault in rows("truth.faults"):
        said = spoken[fault["fault_id"]]
        told = [(aspect, at) for aspect, at in said if aspect in ("symptom", "cause")]
        assert all(fault["started_at"] < at < fault["ended_at"] + SPOKEN_OF_WITHIN for _, at in told)
        assert told[0][0] == "symptom" or fault["fault_id"] in tripped
        causes += any(aspect == "cause" for aspect, _ in told)
    share = causes / len(rows("truth.faults"))
    assert 0.5 < share < 0.95  # three quarters, and not always


def test_every_trip_is_spoken_of_when_it_happens_and_when_the_unit_is_back() -> None:
    spoken = when_spoken_of("trip_id")
    assert rows("truth.trips")
    for trip in rows("truth.trips"):
        said = dict(reversed(spoken[trip["trip_id"]]))
        assert timedelta() < said["trip"] - trip["tripped_at"] < timedelta(minutes=10)
        assert trip["tripped_at"] < said["restart"] < trip["restarted_at"]
        assert timedelta() < said["restarted"] - trip["restarted_at"] < timedelta(minutes=10)


def test_half_of_the_defects_or_more_are_noticed_while_they_last() -> None:
    """But a spike, a slow clock and a packet sent twice: nobody at a console sees them."""
    spoken = when_spoken_of("defect_id")
    defects, noticed = Counter[int](), Counter[int]()
    for told in told_days():
        for found in told.findings.defects:
            assert found.defect.from_second < found.noticed_second <= found.defect.to_second
            assert all(defect_id in spoken for defect_id in found.defect_ids)
            noticed[found.defect.kind] += len(found.defect_ids)
        defects.update(defect.kind for defect in told.record.defects.of_tag.values())
    assert noticed.keys() == CHANCE_OF_NOTICING.keys() < defects.keys()
    noticeable = sum(defects[kind] for kind in CHANCE_OF_NOTICING)
    assert 0.5 < noticed.total() / noticeable < 0.9
    assert all(noticed[kind] > 0.2 * defects[kind] for kind in CHANCE_OF_NOTICING)


def test_numbers_quoted_are_those_of_the_historian() -> None:
    quoted = 0
    for record, entry in entries():
        display = Display(record)
        for reading in entry.remark.readings:
            if entry.remark.what in ("drift", "frozen"):
                continue  # what a bad tag shows is no good reading
            shown = display.reading(reading.tag, reading.second)
            assert shown is not None and shown.value == reading.value
            signal = record.signals[reading.tag.instrument.observed][reading.second // record.unit.model.tick_seconds]
            if reading.tag.instrument.is_exact:
                assert abs(signal - reading.value) < 0.05 * reading.tag.span
        numbers = set(re.findall(r"-?\d+(?:\.\d+)?", entry.text))
        quoted += sum(reading.number in numbers for reading in entry.remark.readings)
    assert quoted > 300


def test_symptoms_really_moved() -> None:
    kinds: Counter[str] = Counter()
    for told in told_days():
        for fault in told.findings.faults:
            for symptom in fault.symptoms:
                kinds[symptom.kind] += 1
                if symptom.kind in ("rising", "above"):
                    assert symptom.second.value > symptom.first.value
                if symptom.kind in ("falling", "below"):
                    assert symptom.second.value < symptom.first.value
                assert abs(symptom.second.value - symptom.first.value) > 0.003 * symptom.tag.span
    assert kinds["rising"] > 5 and kinds["falling"] > 5


def test_a_symptom_s_entry_names_a_tag_that_moved_with_its_number() -> None:
    found = [entry for _, entry in entries() if entry.remark.what == "symptoms"]
    assert len(found) > 15
    for entry in found:
        assert any(reading.number in entry.text for reading in entry.remark.readings)
        assert any(reading.tag.name.split("-", 1)[1].split(".")[0] in entry.text for reading in entry.remark.readings)


def test_entries_hardly_repeat() -> None:
    texts = [entry.text for _, entry in entries()]
    assert len(texts) > 300
    assert len(set(texts)) / len(texts) > 0.97
    shapes = {re.sub(r"[\d.]+", "#", text) for text in texts}  # the same words with other numbers
    assert len(shapes) / len(texts) > 0.9


def test_no_text_has_a_hole_or_a_trace_of_the_grammar() -> None:
    orders = [row["description"] for row in rows("cmms.work_orders")]
    remarks = [row["remark"] for row in rows("cmms.work_order_events") if row["remark"]]
    for text in [*(entry.text for _, entry in entries()), *orders, *remarks]:
        assert text and not re.search(r"[<>\[\]|{}](?!\d)|\bnan\b|  | [.,;:](?!\d)|[,;:][,;]|None", text.replace("->", "to")), (
            text
        )


def test_categories_and_styles_all_occur_and_quiet_shifts_have_quiet_entries() -> None:
    categories = Counter(row["category"] for row in rows("logbook.entries"))
    assert categories.keys() == {"operation", "disturbance", "instrument", "maintenance", "handover", "safety", "quality"}
    styles = Counter(writer(small_fleet().seed, entry.author_id).style for _, entry in entries())
    assert styles.keys() == set(STYLES)
    per_day = len(entries()) / len(told_days())
    assert 8 < per_day < 25


def test_what_a_recipe_does_is_not_put_down_to_operators() -> None:
    """In a batch unit set points move by tens of kelvins from phase to phase, and no quantity stays near its normal value."""
    batches = [told for told in told_days() if runs_batches(told.record.unit)]
    phases = [told.record.signals["phase"] for told in batches]
    assert sum(int(np.count_nonzero(np.diff(phase))) for phase in phases) > 5
    told_of = [entry for told in batches for entry in told.entries]
    assert not [entry.text for entry in told_of if entry.remark.what == "sample"]
    moves = [entry.remark.facts for entry in told_of if entry.remark.what == "set_point" and entry.remark.facts["unit"] == "°C"]
    assert all(abs(float(str(facts["new"])) - float(str(facts["old"]))) < 1.0 for facts in moves)


def test_typing_errors_are_as_rare_as_meant_and_spare_numbers_and_names() -> None:
    rng = np.random.default_rng(1)
    rate = 0.05
    clean = [finished(worded(Phrase("safety", {"equipment": "11-R-101"}), "plain", rng), "plain", rng) for _ in range(3000)]
    words = wrong = 0
    for text in clean:
        dirty = mistyped(text, rate, rng)
        assert re.findall(r"\d\S*", dirty) == re.findall(r"\d\S*", text)
        pairs = list(zip(re.findall(r"[A-Za-z]+", text), re.findall(r"[A-Za-z]+", dirty), strict=True))
        words += sum(len(word) >= SHORTEST_MISTYPED for word, _ in pairs)
        wrong += sum(word != written for word, written in pairs)
    assert 0.8 * rate < wrong / words < 1.2 * rate
    assert mistyped("nothing goes wrong here", 0.0, rng) == "nothing goes wrong here"
    rates = [writer(42, user).typos_per_word for user in range(500)]
    assert TYPOS_PER_WORD[0] <= min(rates) and max(rates) <= TYPOS_PER_WORD[1]


def test_writers_are_the_crew_of_the_shift_and_entries_name_things_of_their_unit() -> None:
    for record, entry in entries():
        unit = record.unit
        people = {person.user_id: person for person in staff_of(small_fleet(), unit.plant.site).people}
        post = people[entry.author_id].post
        assert post.role.code in ("operator", "shift_supervisor")
        assert post.unit_id in (None, unit.unit_id) and post.plant_id in (None, unit.plant.plant_id)
        if entry.remark.what != "handover":
            assert entry.crew.shift == shift_at(unit.plant.site.place.time_zone, entry.written_at)
        codes = {equipment.code for equipment in unit.model.equipment}
        assert entry.remark.equipment is None or entry.remark.equipment in codes
        assert entry.remark.tag is None or entry.remark.tag in unit.tags
        names = (
            {tag.name.split("-", 1)[1].split(".")[0] for tag in unit.tags} | codes | {loop.name for loop in unit.model.loops}
        )
        assert set(re.findall(r"\b[A-Z]{1,3}-\d{3}[A-Z]?\b", entry.text)) - names <= {"XS-100"}


def test_a_handover_ends_every_shift_and_sums_up_what_was_written_before_it() -> None:
    changes = 0
    for told in told_days():
        handovers = [entry for entry in told.entries if entry.remark.what == "handover"]
        assert len(handovers) == 2  # shifts of twelve hours
        for entry in handovers:
            zone = told.record.unit.plant.site.place.time_zone
            assert shift_at(zone, entry.written_at) != entry.crew.shift  # written by those who leave
            changes += any(ids for _, ids in entry.remark.subjects)
    assert changes > len(told_days()) / 2


def test_a_day_depends_on_its_record_and_what_is_pending_alone() -> None:
    scenario = small_fleet()
    unit = fleet_of(scenario).units[1]  # a calm one, whose handover has room for yesterday's matters
    first, second = islice(unit_days(scenario, unit), 2)
    told, pending = paperwork.of_day(first, (), scenario)
    again, pending_again = paperwork.of_day(first, (), scenario)
    assert told == again and pending == pending_again
    alone, _ = paperwork.of_day(second, pending, scenario)
    paperwork.of_day(first, (), scenario)
    after, _ = paperwork.of_day(second, pending, scenario)
    assert alone == after
    headline = Headline(moment(second, 0), "a matter of yesterday", "a word of yesterday", ())
    other, _ = paperwork.of_day(second, (*pending, headline), scenario)
    unlike = [a["entry_id"] for a, b in zip(alone["logbook.entries"], other["logbook.entries"], strict=True) if a != b]
    handovers = {row["entry_id"] for row in other["logbook.entries"] if row["category"] == "handover"}
    assert unlike and set(unlike) <= handovers


def test_every_phrase_can_be_said_in_every_style() -> None:
    class Anything(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return "thing"

    rng = np.random.default_rng(2)
    for what in vocabulary()["phrases"]:
        for style in STYLES:
            for _ in range(20):
                text = finished(worded(Phrase(what, Anything()), style, rng), style, rng)
                assert text and not set("[]|<") & set(text.replace("->", ""))
