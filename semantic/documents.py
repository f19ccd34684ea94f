"""What is searched: one document per tag, piece of equipment, alarm, alarm episode, log entry and work order.

A document has three texts. `text` is shown. `meaning` is what an embedder reads: names in the place of codes, abbreviations
written out, the unit named, and no numbers that only repeat. `words` is what the lexical index reads: everything, with codes
in one piece. `keys` join to the marts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb

from semantic.wording import Names, in_words, lexical, squashed

KINDS = ("tag", "equipment", "alarm", "alarm_episode", "log_entry", "work_order")
CONDITIONS = {
    "PVHH": "high high", "PVHI": "high", "PVLO": "low", "PVLL": "low low", "BADPV": "bad value",
}  # fmt: skip
# An alarm repeats its tag, a loop's other tags repeat its process value, and of a shift's routine there is much: they are found
# when they are clearly nearer than the rest, and alarms when they are asked for.
ALARM_KINDS = ("alarm", "alarm_episode")
ECHOING = {"SP", "OP", "MODE", "operation", "handover", "quality", "safety"}
ROLES = {"PV": "measured value", "SP": "set point", "OP": "controller output", "MODE": "controller mode", "STATE": "state"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One thing that can be found. `name` is what it is called; `is_called` and `mentions` are codes, squashed."""

    org_id: int
    document: str  # kind:key, unique in the organization
    kind: str
    name: str
    text: str
    meaning: str
    words: str
    place: str
    unit_code: str
    standing: str  # "first"; "alarm"; or "echo" of what another document says better
    at: datetime | None  # UTC
    is_called: tuple[str, ...]
    mentions: tuple[str, ...]
    keys: dict[str, int | str]

    @cached_property
    def content_hash(self) -> str:
        """Changes whenever anything of the document does."""
        return hashlib.blake2b(repr(vars(self)).encode(), digest_size=16).hexdigest()


def documents_of(connection: duckdb.DuckDBPyConnection, org_id: int) -> Iterator[Document]:
    """All documents of an organization, kind by kind, each in order of its key."""
    register = _Register(connection, org_id)
    for kind, (query, build) in QUERIES.items():
        result = connection.execute(query, {"org_id": org_id})
        columns = [column[0] for column in result.description]
        while rows := result.fetchmany(10_000):
            for values in rows:
                yield build(register, kind, dict(zip(columns, values, strict=True)))


class _Register:
    """The units and the names of things of one organization."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, org_id: int) -> None:
        self.org_id = org_id
        self._units = {row[0]: row[1:] for row in connection.execute(UNITS, {"org_id": org_id}).fetchall()}
        equipment = dict(connection.execute(EQUIPMENT_NAMES, {"org_id": org_id}).fetchall())
        pieces = Names(equipment)
        tags = connection.execute(TAG_NAMES, {"org_id": org_id}).fetchall()
        described = {code: _named(pieces.spelled_out(text, unit)) for code, unit, text in tags}
        self.names = Names({**equipment, **described})
        self.equipment = pieces

    def document(self, kind: str, key: str, row: Row, *, name: str, text: str, meaning: str, called: Sequence[str] = (),
                 keys: Sequence[str] = (), at: datetime | None = None, words: str = "") -> Document:  # fmt: skip
        """The document of a row: place and codes are looked up here, for all kinds alike."""
        unit_code, unit, process, place = self._units[row["unit_id"]]
        is_called = tuple(dict.fromkeys(squashed(code) for code in called if code))
        filed = [squashed(row[column]) for column in ("tag_name", "loop_name", "equipment_code") if row.get(column)]
        mentioned = dict.fromkeys((*self.names.known_codes(text, unit_code), *filed))
        mentions = tuple(code for code in mentioned if code not in is_called)
        about = f"{unit}: {process}" if kind == "equipment" else unit
        return Document(
            org_id=self.org_id,
            document=f"{kind}:{key}",
            kind=kind,
            name=name,
            text=text,
            meaning=f"{meaning.rstrip('. ')}. {about.rstrip('.')}.",
            words=lexical(f"{name} {text} {words} {place}", (*is_called, *mentions)),
            place=place,
            unit_code=unit_code,
            standing=_standing(kind, row),
            at=at,
            is_called=is_called,
            mentions=mentions,
            keys={"org_id": self.org_id, "unit_id": row["unit_id"]}
            | {column: row[column] for column in keys if row.get(column) is not None},
        )

    def unit_code(self, row: Row) -> str:
        """The code of the row's unit."""
        return str(self._units[row["unit_id"]][0])


def _standing(kind: str, row: Row) -> str:
    if kind in ALARM_KINDS:
        return "alarm"
    return "echo" if {row.get("category"), row.get("tag_role")} & ECHOING else "first"


def _tag(register: _Register, kind: str, row: Row) -> Document:
    unit_code = register.unit_code(row)
    text = _sentence(row["description"], register.names if row["tag_role"] in ("MODE", "OP") else register.equipment, unit_code)
    around = register.equipment.names_in(row["equipment_description"], unit_code) if row["tag_role"] == "PV" else []
    at = ", ".join(name for name in around if name.removeprefix("the ") not in text.lower())
    meaning = f"{text} {ROLES[row['tag_role']].capitalize()} in {row['unit_of_measure']}." + (f" At {at}." if at else "")
    return register.document(
        kind, str(row["tag_id"]), row, name=row["tag_name"], text=f"{row['description']} [{row['unit_of_measure']}]",
        meaning=meaning, called=(row["tag_name"], row["loop_name"]), words=f"{text} {at}".rstrip(),
        keys=("tag_id", "equipment_id", "loop_id"),
    )  # fmt: skip


def _equipment(register: _Register, kind: str, row: Row) -> Document:
    text = _sentence(row["description"], register.equipment, register.unit_code(row))
    plain = row["equipment_class"].replace("_", " ")
    return register.document(
        kind, str(row["equipment_id"]), row, name=row["equipment_code"], called=(row["equipment_code"],),
        text=f"{row['equipment_name']}. {row['description']}", meaning=f"{row['equipment_name']}, {plain}. {text}",
        words=f"{plain} {row['manufacturer']} {text}", keys=("equipment_id",),
    )  # fmt: skip


def _alarm(register: _Register, kind: str, row: Row) -> Document:
    condition = CONDITIONS[row["condition"]]
    what = _sentence(row["description"], register.equipment, register.unit_code(row))
    limit = "" if row["limit_value"] is None else f", limit {row['limit_value']:g} {row['unit_of_measure']}"
    return register.document(
        kind, f"{row['tag_id']}:{row['condition']}", row, name=f"{row['tag_name']} {row['condition']}",
        text=f"Alarm {condition}{limit}, priority {row['priority']}. {row['description']}",
        meaning=f"Alarm limit: {condition} alarm, priority {row['priority']}, on: {what}", words=what,
        keys=("tag_id", "equipment_id", "condition"),
    )  # fmt: skip


def _alarm_episode(register: _Register, kind: str, row: Row) -> Document:
    condition = CONDITIONS[row["condition"]]
    what = _sentence(row["description"], register.equipment, register.unit_code(row))
    value = "" if row["raised_value"] is None else f" at {row['raised_value']:g} {row['unit_of_measure']}"
    until = "still active" if row["cleared_at"] is None else f"cleared {row['cleared_at']:%Y-%m-%d %H:%M:%S}"
    known = "not acknowledged" if row["acknowledged_at"] is None else f"acknowledged {row['acknowledged_at']:%H:%M:%S}"
    return register.document(
        kind, str(row["alarm_episode_id"]), row, name=f"{row['tag_name']} {row['condition']}", at=row["raised_at"],
        text=f"Alarm {condition} raised{value}, priority {row['priority']}, {known}, {until}. {row['description']}",
        meaning=f"An alarm came: {condition} alarm on: {what}", words=what,
        keys=("alarm_episode_id", "alarm_id", "tag_id", "equipment_id", "condition"),
    )  # fmt: skip


def _log_entry(register: _Register, kind: str, row: Row) -> Document:
    spelled = in_words(register.names.spelled_out(row["entry_text"], register.unit_code(row)))
    return register.document(
        kind, str(row["entry_id"]), row, name=f"{row['category']}, {row['shift']} shift {row['team']}", at=row["written_at"],
        text=row["entry_text"], meaning=f"{row['category'].capitalize()}: {spelled}.", words=spelled,
        keys=("entry_id", "tag_id", "equipment_id"),
    )  # fmt: skip


def _work_order(register: _Register, kind: str, row: Row) -> Document:
    said = ". ".join(text.strip(" .") for text in (row["description"], row["remarks"]) if text)
    spelled = in_words(register.names.spelled_out(said, register.unit_code(row)))
    return register.document(
        kind, str(row["work_order_id"]), row, name=row["work_order_number"], called=(row["work_order_number"],),
        text=f"{said}. [{row['order_kind']}, {row['priority']}, {row['status']}]", at=row["opened_at"],
        meaning=f"Work order, {row['order_kind']}: {spelled}.", words=spelled,
        keys=("work_order_id", "tag_id", "equipment_id"),
    )  # fmt: skip


def _sentence(text: str, names: Names, unit_code: str) -> str:
    """A description of the register with the names of things for their codes, and without how it is read."""
    return names.spelled_out(text, unit_code).replace(", as the controller sees it", "")


def _named(description: str) -> str:
    """A description as it stands within another sentence."""
    short = description.rstrip(".").replace(", as the controller sees it", "").split(":")[0]
    return short[:1].lower() + short[1:] if short[1:2].islower() or short[1:2] == " " else short


UNITS = """
    select
        units.unit_id,
        units.unit_code,
        rtrim(units.unit_name, '0123456789 '),
        units.description,
        units.unit_name || ', ' || plants.plant_name || ', ' || sites.site_name
    from raw_asset.units as units
    inner join raw_asset.plants as plants on units.org_id = plants.org_id and units.plant_id = plants.plant_id
    inner join raw_asset.sites as sites on plants.org_id = sites.org_id and plants.site_id = sites.site_id
    where units.org_id = $org_id
"""
EQUIPMENT_NAMES = """
    select equipment_code, 'the ' || lower(left(equipment_name, 1)) || substr(equipment_name, 2)
    from raw_asset.equipment
    where org_id = $org_id
"""
# A loop is called what its process value measures; its other tags add what they are to it.
TAG_NAMES = """
    select tags.tag_name, units.unit_code, tags.description
    from raw_asset.tags as tags
    inner join raw_asset.units as units on tags.org_id = units.org_id and tags.unit_id = units.unit_id
    where tags.org_id = $org_id
    union all
    select loops.loop_name, units.unit_code, min(tags.description)
    from raw_asset.control_loops as loops
    inner join raw_asset.units as units on loops.org_id = units.org_id and loops.unit_id = units.unit_id
    inner join raw_asset.tags as tags
        on loops.org_id = tags.org_id and loops.loop_id = tags.loop_id and tags.tag_role = 'PV'
    where loops.org_id = $org_id
    group by 1, 2
"""
TAGGED = """
    inner join raw_asset.tags as tags on {0}.org_id = tags.org_id and {0}.tag_id = tags.tag_id
    inner join raw_asset.equipment as equipment on tags.org_id = equipment.org_id and tags.equipment_id = equipment.equipment_id
    left join raw_asset.control_loops as loops on tags.org_id = loops.org_id and tags.loop_id = loops.loop_id
"""
FILED = """
    left join raw_asset.tags as tags on {0}.org_id = tags.org_id and {0}.tag_id = tags.tag_id
    left join raw_asset.equipment as equipment on {0}.org_id = equipment.org_id and {0}.equipment_id = equipment.equipment_id
    left join raw_asset.control_loops as loops on tags.org_id = loops.org_id and tags.loop_id = loops.loop_id
"""
OF_TAG = "tags.tag_name, tags.description, tags.unit_of_measure, tags.equipment_id, equipment.equipment_code, loops.loop_name"
TAGS = f"""
    select tags.*, equipment.equipment_code, equipment.description as equipment_description, loops.loop_name
    from raw_asset.tags as registered
    {TAGGED.format("registered")}
    where registered.org_id = $org_id
    order by tags.tag_id
"""
EQUIPMENT = "select * from raw_asset.equipment where org_id = $org_id order by equipment_id"
# The setting that holds now.
ALARMS = f"""
    select limits.tag_id, limits.condition, limits.limit_value, limits.priority, tags.unit_id, {OF_TAG}
    from raw_asset.tag_limits as limits
    {TAGGED.format("limits")}
    where limits.org_id = $org_id
    qualify row_number() over (partition by limits.tag_id, limits.condition order by limits.valid_from desc) = 1
    order by limits.tag_id, limits.condition
"""
# From the event that raises an alarm to the next one that does: as in the mart fct_alarms, whose key it has.
ALARM_EPISODES = f"""
    with numbered as (
        select *, max(case when transition = 'ALM' then event_id end)
            over (partition by alarm_id order by event_id) as alarm_episode_id
        from raw_alarm.events
        where org_id = $org_id
    ),
    episodes as (
        select
            alarm_episode_id,
            any_value(org_id) as org_id, any_value(tag_id) as tag_id, any_value(alarm_id) as alarm_id,
            any_value(unit_id) as unit_id, any_value(condition) as condition,
            arg_min(priority, event_id) as priority,
            max(case when event_id = alarm_episode_id then value end) as raised_value,
            min(occurred_at) filter (where transition = 'ALM') as raised_at,
            min(occurred_at) filter (where transition = 'ACK') as acknowledged_at,
            min(occurred_at) filter (where transition = 'RTN') as cleared_at
        from numbered
        where alarm_episode_id is not null
        group by alarm_episode_id
    )
    select episodes.*, {OF_TAG}
    from episodes
    {TAGGED.format("episodes")}
    order by alarm_episode_id
"""
LOG_ENTRIES = f"""
    select entries.*, tags.tag_name, equipment.equipment_code, loops.loop_name
    from raw_logbook.entries as entries
    {FILED.format("entries")}
    where entries.org_id = $org_id
    order by entries.entry_id
"""
WORK_ORDERS = f"""
    with steps as (
        select
            org_id, work_order_id,
            string_agg(rtrim(remark, '.'), '. ' order by event_number) as remarks,
            arg_max(replace(event_kind, '_', ' '), event_number) as status
        from raw_cmms.work_order_events
        where org_id = $org_id
        group by org_id, work_order_id
    )
    select orders.*, steps.remarks, coalesce(steps.status, 'open') as status,
        tags.tag_name, equipment.equipment_code, loops.loop_name
    from raw_cmms.work_orders as orders
    {FILED.format("orders")}
    left join steps on orders.org_id = steps.org_id and orders.work_order_id = steps.work_order_id
    where orders.org_id = $org_id
    order by orders.work_order_id
"""
QUERIES: dict[str, tuple[str, Callable[[_Register, str, Row], Document]]] = {
    "tag": (TAGS, _tag),
    "equipment": (EQUIPMENT, _equipment),
    "alarm": (ALARMS, _alarm),
    "alarm_episode": (ALARM_EPISODES, _alarm_episode),
    "log_entry": (LOG_ENTRIES, _log_entry),
    "work_order": (WORK_ORDERS, _work_order),
}
