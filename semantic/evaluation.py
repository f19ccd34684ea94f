"""How good the search is: labelled queries, and what share of the answers is found, and how high.

Ids and descriptions are drawn from the registers, episodes from the answer key; queries.toml has what was written by hand, and
held_out.toml paraphrases that nothing is tuned on. What is relevant was laid down before any result was seen. A hit that is
`neutral` (the handover that repeats an incident) is passed over, as if it were not there.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb

from semantic.documents import EQUIPMENT_NAMES
from semantic.embedders import Embedder
from semantic.lake import SOURCES as SEARCHED
from semantic.retrieval import search
from semantic.store import AnyOf, Condition, Engine, Since, TenantStore
from semantic.wording import CODE, Names

SOURCES = (*SEARCHED, "truth")  # of the lake
BY_HAND = tuple(Path(__file__).with_name(name) for name in ("queries.toml", "held_out.toml", "fresh.toml"))
CLASSES = ("id", "description", "paraphrase", "held_out", "fresh", "episode")
HALVES: dict[str, tuple[str, ...]] = {"dense": ("dense",), "sparse": ("sparse",), "hybrid": ("dense", "sparse", "code")}
DEPTH = 10
PASSED_OVER = 40  # neutral hits that may stand before the tenth


@dataclass(frozen=True)
class Query:
    """A query of one organization with its answer."""

    kind: str
    org_id: int
    text: str
    relevant: frozenset[str]
    neutral: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Means over the queries of a class. Recall is of what five places can hold at most."""

    queries: int
    recall_at_5: float
    ndcg_at_10: float
    mrr: float


def labelled_queries(connection: duckdb.DuckDBPyConnection) -> list[Query]:
    """All queries with their answers, in a lake whose relations and answer key are open."""
    for statement in LABELS:
        connection.execute(statement)
    return [*_ids(connection), *_descriptions(connection), *_episodes(connection), *_by_hand(connection)]


def evaluate(engine: Engine, embedder: Embedder, queries: Sequence[Query]) -> dict[str, dict[str, Figures]]:
    """The figures of each class by dense search alone, by sparse alone and by both with codes."""
    found: dict[str, dict[str, list[tuple[float, float, float]]]] = {kind: {half: [] for half in HALVES} for kind in CLASSES}
    for query in queries:
        store = TenantStore(engine, query.org_id)
        for half, halves in HALVES.items():
            hits = search(store, embedder, query.text, query.conditions, DEPTH + PASSED_OVER, halves)
            ranking = [str(hit.payload["document"]) for hit in hits]
            found[query.kind][half].append(measured(ranking, query.relevant, query.neutral))
    return {kind: {half: _mean(values) for half, values in halves.items()} for kind, halves in found.items()}


def measured(ranking: Sequence[str], relevant: frozenset[str], neutral: frozenset[str]) -> tuple[float, float, float]:
    """Recall at 5, nDCG at 10 and reciprocal rank of one ranking."""
    judged = [document for document in ranking if document not in neutral][:DEPTH]
    gains = [document in relevant for document in judged]
    ideal = sum(1.0 / math.log2(place + 2) for place in range(min(DEPTH, len(relevant))))
    gained = sum(1.0 / math.log2(place + 2) for place, gain in enumerate(gains) if gain)
    first = next((1.0 / (place + 1) for place, gain in enumerate(gains) if gain), 0.0)
    return sum(gains[:5]) / min(5, len(relevant)), gained / ideal, first


def _mean(values: Sequence[tuple[float, float, float]]) -> Figures:
    count = max(len(values), 1)
    return Figures(len(values), *(sum(value[part] for value in values) / count for part in range(3)))


def _ids(connection: duckdb.DuckDBPyConnection) -> Iterator[Query]:
    """Codes as people type them: as they stand, in lower case, without the signs between."""
    for number, (org_id, code, documents) in enumerate(connection.execute(IDS).fetchall()):
        typed = (code, code.lower(), code.replace("-", ""), code.replace("-", " "))[number % 4]
        yield Query("id", org_id, code if code.startswith("WO") else typed, frozenset(documents))


def _descriptions(connection: duckdb.DuckDBPyConnection) -> Iterator[Query]:
    """Descriptions of the register with the names of things for their codes, and the name of the unit."""
    names: dict[int, Names] = {}
    asked: dict[tuple[int, str], set[str]] = {}
    drawn: list[tuple[int, str]] = []
    for org_id, document, description, unit_code, unit, is_drawn in connection.execute(DESCRIPTIONS).fetchall():
        if org_id not in names:
            names[org_id] = Names(dict(connection.execute(EQUIPMENT_NAMES, {"org_id": org_id}).fetchall()))
        said = names[org_id].spelled_out(description, unit_code).replace(", as the controller sees it", "").rstrip(".")
        text = f"{said}, {unit.lower()}"
        asked.setdefault((org_id, text), set()).add(document)
        if is_drawn:
            drawn.append((org_id, text))
    for org_id, text in dict.fromkeys(drawn):
        yield Query("description", org_id, text, frozenset(asked[org_id, text]))


def _episodes(connection: duckdb.DuckDBPyConnection) -> Iterator[Query]:
    """What truly went wrong, as a sentence without codes, asked for a unit since the fault began."""
    for org_id, description, unit_code, started_at, relevant, neutral in connection.execute(EPISODES).fetchall():
        conditions = (AnyOf("unit_code", (unit_code,)), Since(started_at.replace(tzinfo=UTC).timestamp()))
        text = " ".join(CODE.sub(" ", description).split())
        yield Query("episode", org_id, text, frozenset(relevant), frozenset(neutral or ()), conditions)


def _by_hand(connection: duckdb.DuckDBPyConnection) -> Iterator[Query]:
    for path in BY_HAND:
        for kind, queries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for query in queries:
                yield from _asked_everywhere(connection, kind, query)


def _asked_everywhere(connection: duckdb.DuckDBPyConnection, kind: str, query: Mapping[str, str]) -> Iterator[Query]:
    """The query in every organization that has something relevant."""
    for relation, statement in RELEVANT.items():
        if relation in query:
            asked = statement.format(relation=relation, where=query[relation])
            for org_id, relevant, neutral in connection.execute(asked).fetchall():
                yield Query(kind, org_id, query["text"], frozenset(relevant), frozenset(neutral or ()))


LABELS = (
    "create schema if not exists labels",
    r"""
    create or replace view labels.tags as
    select
        tags.org_id, 'tag:' || tags.tag_id as document, units.process_model as model,
        regexp_replace(tags.description, '\b\d+-([A-Z]+-\d+)', '\1', 'g') as words
    from raw_asset.tags as tags
    inner join raw_asset.units as units on tags.org_id = units.org_id and tags.unit_id = units.unit_id
    where tags.tag_role = 'PV'
    """,
    r"""
    create or replace view labels.equipment as
    select
        equipment.org_id, 'equipment:' || equipment.equipment_id as document, units.process_model as model,
        regexp_replace(equipment.equipment_code, '^\d+-', '') as code
    from raw_asset.equipment as equipment
    inner join raw_asset.units as units on equipment.org_id = units.org_id and equipment.unit_id = units.unit_id
    """,
    """
    create or replace view labels.alarms as
    select
        limits.org_id, 'alarm:' || limits.tag_id || ':' || limits.condition as document, limits.condition,
        tags.model, tags.words,
        list(distinct coalesce('alarm_episode:' || events.event_id, tags.document)) || [tags.document] as neighbours
    from (select distinct org_id, tag_id, condition from raw_asset.tag_limits) as limits
    inner join labels.tags as tags on limits.org_id = tags.org_id and 'tag:' || limits.tag_id = tags.document
    left join raw_alarm.events as events
        on limits.org_id = events.org_id and limits.tag_id = events.tag_id and limits.condition = events.condition
        and events.transition = 'ALM'
    group by limits.org_id, limits.tag_id, limits.condition, tags.model, tags.words, tags.document
    """,
    """
    create or replace view labels.incidents as
    with matters as (
        select
            subjects.org_id, subjects.entry_id, subjects.work_order_id, subjects.aspect,
            coalesce(faults.fault_kind, defects.defect_kind, 'trip') as kind,
            coalesce('fault ' || subjects.fault_id, 'defect ' || subjects.defect_id, 'trip ' || subjects.trip_id) as matter
        from raw_truth.logbook_subjects as subjects
        left join raw_truth.faults as faults
            on subjects.org_id = faults.org_id and subjects.fault_id = faults.fault_id
        left join raw_truth.defects as defects
            on subjects.org_id = defects.org_id and subjects.defect_id = defects.defect_id
        where coalesce(subjects.fault_id, subjects.defect_id, subjects.trip_id) is not null
    )
    select org_id, 'log_entry:' || entry_id as document, aspect, kind, matter from matters
    union
    select org_id, 'work_order:' || work_order_id, 'order', kind, matter from matters where work_order_id is not null
    """,
)
# Some codes of each kind and organization, the same on every machine.
IDS = """
    with codes as (
        select org_id, 'tag' as kind, tag_name as code, ['tag:' || tag_id] as documents from raw_asset.tags
        union all
        select tags.org_id, 'loop', loops.loop_name, list('tag:' || tags.tag_id)
        from raw_asset.tags as tags
        inner join raw_asset.control_loops as loops on tags.org_id = loops.org_id and tags.loop_id = loops.loop_id
        group by tags.org_id, loops.loop_name
        union all
        select org_id, 'equipment', equipment_code, ['equipment:' || equipment_id] from raw_asset.equipment
        union all
        select org_id, 'work_order', work_order_number, ['work_order:' || work_order_id] from raw_cmms.work_orders
    )
    select org_id, code, documents
    from codes
    qualify row_number() over (partition by org_id, kind order by md5(code)) <= 8
    order by org_id, kind, md5(code)
"""
DESCRIPTIONS = """
    select
        tags.org_id, 'tag:' || tags.tag_id, tags.description, units.unit_code,
        rtrim(units.unit_name, '0123456789 '),
        row_number() over (partition by tags.org_id order by md5(tags.tag_name)) <= 12
    from raw_asset.tags as tags
    inner join raw_asset.units as units on tags.org_id = units.org_id and tags.unit_id = units.unit_id
    where tags.tag_role = 'PV'
    order by tags.org_id, md5(tags.tag_name)
"""
EPISODES = """
    select
        faults.org_id, faults.description, units.unit_code, faults.started_at,
        list(distinct incidents.document) filter (where incidents.aspect <> 'handover') as relevant,
        list(distinct incidents.document) filter (where incidents.aspect = 'handover')
    from raw_truth.faults as faults
    inner join raw_asset.units as units on faults.org_id = units.org_id and faults.unit_id = units.unit_id
    inner join labels.incidents as incidents
        on faults.org_id = incidents.org_id and 'fault ' || faults.fault_id = incidents.matter
    group by faults.org_id, faults.fault_id, faults.description, units.unit_code, faults.started_at
    having relevant is not null
    order by faults.org_id, faults.fault_id
"""
REGISTERED = """
    select org_id, list(document), null from labels.{relation} where {where} group by org_id order by org_id
"""
INCIDENTS = """
    with relevant as (select * from labels.{relation} where {where})
    select
        org_id,
        list(distinct document) filter (where (org_id, document) in (select org_id, document from relevant)) as found,
        list(distinct document) filter (where (org_id, document) not in (select org_id, document from relevant))
    from labels.incidents
    where (org_id, matter) in (select org_id, matter from relevant)
    group by org_id
    order by org_id
"""
ALARMS = """
    select org_id, list(document), flatten(list(neighbours))
    from labels.{relation}
    where {where}
    group by org_id
    order by org_id
"""
RELEVANT = {"tags": REGISTERED, "equipment": REGISTERED, "alarms": ALARMS, "incidents": INCIDENTS}
