"""Work orders: what they follow from, and how their lives go."""

from datetime import timedelta
from typing import Any

import pytest

from generators.chemical.findings import moment
from generators.chemical.maintenance import cause_of
from generators.chemical.people import staff_of
from generators.engine.columns import rows_of
from generators.schema.catalog import table
from tests.python.unit_days import small_fleet, told_days

TABLES = ("cmms.work_orders", "cmms.work_order_events")


def rows(name: str) -> list[dict[str, Any]]:
    return [row for told in told_days() for row in told.rows[name]]


def test_rows_fit_the_contract_and_their_keys_are_unique() -> None:
    for name in TABLES:
        declared, found = table(name), rows(name)
        rows_of(name, {column: [row[column] for row in found] for column in declared.column_names})
        assert len({tuple(row[column] for column in declared.key) for row in found}) == len(found) > 20
    numbers = {(row["org_id"], row["work_order_number"]) for row in rows("cmms.work_orders")}
    assert len(numbers) == len(rows("cmms.work_orders"))


def test_a_fault_of_the_unit_s_own_equipment_whose_cause_is_known_is_repaired_when_it_ends() -> None:
    repaired = 0
    for told in told_days():
        orders = {order.subject.get("fault_id"): order for order in told.orders}
        for fault in told.findings.faults:
            cause = cause_of(fault.fault.name)
            if fault.known_second is not None and cause is not None and "craft" in cause:
                order = orders[fault.fault_id]
                assert order.equipment == fault.equipment
                assert order.opened_at == moment(told.record, fault.known_second)
                assert order.completed_at == moment(told.record, fault.episode.to_second)
                repaired += 1
            else:
                assert fault.fault_id not in orders
    assert repaired > 5


def test_every_noticed_defect_and_every_trip_has_an_order() -> None:
    for told in told_days():
        subjects = [order.subject for order in told.orders]
        assert all({"defect_id": defect.defect_ids[0]} in subjects for defect in told.findings.defects)
        assert all({"trip_id": trip.trip_id} in subjects for trip in told.findings.trips)


def test_all_kinds_occur_and_routine_is_due_by_the_interval_of_its_class() -> None:
    kinds = {row["order_kind"] for row in rows("cmms.work_orders")}
    assert {"corrective", "calibration", "inspection"} <= kinds
    routine = [order for told in told_days() for order in told.orders if not order.subject]
    days = {(order.unit.unit_id, order.equipment): order.opened_at.date() for order in routine}
    assert len(days) == len(routine)  # nothing is due twice within four days


def test_an_order_s_events_follow_each_other_from_scheduled_to_closed() -> None:
    opened = {row["work_order_id"]: row["opened_at"] for row in rows("cmms.work_orders")}
    lives: dict[int, list[dict[str, Any]]] = {}
    for event in rows("cmms.work_order_events"):
        lives.setdefault(event["work_order_id"], []).append(event)
    assert lives.keys() == opened.keys()
    for order, events in lives.items():
        assert [event["event_number"] for event in events] == list(range(1, len(events) + 1))
        moments = [opened[order], *(event["occurred_at"] for event in events)]
        assert moments == sorted(moments)
        kinds = [event["event_kind"] for event in events]
        assert kinds[:2] == ["scheduled", "started"] and kinds[-2:] == ["completed", "closed"]
        assert events[-2]["remark"]
        assert moments[-1] - moments[-2] <= timedelta(hours=60)


def test_technicians_and_writers_are_people_of_the_site() -> None:
    for told in told_days():
        people = {person.user_id: person for person in staff_of(small_fleet(), told.record.unit.plant.site).people}
        for order in told.orders:
            assert people[order.opened_by].post.role.code == "operator"
            if order.technician_id is not None:
                assert people[order.technician_id].post.role.code == "maintenance_technician"


def test_an_order_is_about_a_tag_or_equipment_of_its_unit() -> None:
    for told in told_days():
        unit = told.record.unit
        for order in told.orders:
            assert order.equipment in {equipment.code for equipment in unit.model.equipment}
            assert order.tag is None or order.tag in unit.tags
            named = order.equipment_code if order.tag is None else order.tag.name.removesuffix(".PV")
            assert named in order.title or order.equipment_code in order.title or "after trip" in order.title


@pytest.mark.parametrize(
    ("fault", "craft"),
    [
        ("coolant_valve_sticks", "Mechanical"),
        ("jacket_fouling", "Mechanical"),
        ("pump_1_wear", "Mechanical"),
        ("outlet_1_blocked", "Mechanical"),
        ("split_valve_shift", "Mechanical"),
        ("feed_ratio_shift", None),  # the feed's composition, not a valve out of its place
        ("consumer_surge", None),
        ("steam_pressure_loss", None),
        ("controller_hangs", "Instrument"),
    ],
)
def test_a_cause_outside_of_the_unit_brings_no_order(fault: str, craft: str | None) -> None:
    cause = cause_of(fault)
    assert cause is not None and cause.get("craft") == craft
