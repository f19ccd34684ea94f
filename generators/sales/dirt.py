"""What goes wrong between a source system and the lake: second copies, orphans, lost keys, late rows, broken text.

Whether a row is hit, and by what, hangs on its key alone: the same rows are soiled however the lake grew and whoever made it.
At most one defect hits a row, and each leaves a row in truth.injected_defects. What really happened is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.engine.columns import rows_of, schema_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import uniform_at
from generators.scenario import Scenario
from generators.schema.catalog import table as declared

TRUTH = "truth.injected_defects"

Rows = Callable[[pa.Table], pa.Table]


class Placement(Enum):
    """Where the soiled row stands."""

    IN_PLACE = "instead of the true one"
    ADDED = "beside the true one, at the end of the file"
    LAST = "at the end of the file"
    LATE = "in a file of late rows"


@dataclass(frozen=True)
class Defect:
    """One way to soil the rows of a table: `spoiled` makes the soiled rows from the true ones.

    `realistic` and `hostile` are shares of the rows that `hits` allows. `column` is what changes; none when the row as such is
    wrong.
    """

    kind: str
    placement: Placement
    realistic: float
    hostile: float
    spoiled: Rows = lambda rows: rows
    column: str | None = None
    is_repairable: bool = True
    hits: Callable[[pa.Table], NDArray[np.bool_]] = lambda rows: np.ones(rows.num_rows, dtype=bool)


def _with(column: str, change: Callable[[pa.ChunkedArray], pa.Array | pa.ChunkedArray]) -> Rows:
    """Rows with one column changed."""

    def changed(rows: pa.Table) -> pa.Table:
        place = rows.schema.get_field_index(column)
        field = rows.schema.field(place)
        return rows.set_column(place, field, pc.cast(change(rows[column]), field.type))

    return changed


def _lost(values: pa.ChunkedArray) -> pa.Array:
    return pa.nulls(len(values), values.type)


def _other_currency(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(codes, "USD"), "EUR", "USD")


def _unknown(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers that no parent has: one digit too many in front."""
    offset = 10 ** (9 if ids.type == pa.int32() else 12)
    return pc.add(ids, pa.scalar(offset, ids.type))


def _read_as_latin_1(texts: pa.ChunkedArray) -> pa.Array:
    return pa.array([text.encode().decode("latin-1") for text in texts.to_pylist()])


def _without_letters(texts: pa.ChunkedArray) -> pa.Array:
    return pc.replace_substring_regex(texts, r"[^\x00-\x7f]", "\ufffd")


def _older(rows: pa.Table) -> pa.Table:
    """The rows as they stood a day before their last change, without a telephone number yet."""
    rows = _with("updated_at", lambda moments: pc.subtract(moments, pa.scalar(86_400_000_000, pa.duration("us"))))(rows)
    return _with("phone_number", lambda numbers: pc.utf8_slice_codeunits(numbers, 0, 4))(rows)


def _has_letters(column: str) -> Callable[[pa.Table], NDArray[np.bool_]]:
    """Whether the text has letters beyond ASCII."""
    return lambda rows: np.asarray(pc.invert(pc.string_is_ascii(rows[column])))


def _is_set(column: str) -> Callable[[pa.Table], NDArray[np.bool_]]:
    return lambda rows: np.asarray(rows[column].is_valid())


def _duplicate(realistic: float, hostile: float) -> Defect:
    return Defect("duplicate", Placement.ADDED, realistic, hostile)


def _orphan(column: str, realistic: float, hostile: float) -> Defect:
    return Defect("orphan", Placement.ADDED, realistic, hostile, _with(column, _unknown), column)


# Documents without a customer: 14.3 % in UCI Online Retail (fact 29). The other shares are assumptions: a few per thousand in
# a company that looks after its data, a few per cent in one that does not.
DEFECTS: dict[str, tuple[Defect, ...]] = {
    "crm.customers": (
        _duplicate(0.005, 0.03),
        Defect("stale_duplicate", Placement.ADDED, 0.005, 0.03, _older, "phone_number", hits=_is_set("phone_number")),
        Defect(
            "broken_encoding",
            Placement.IN_PLACE,
            0.02,
            0.20,
            _with("customer_name", _read_as_latin_1),
            "customer_name",
            hits=_has_letters("customer_name"),
        ),
        Defect(
            "lost_letters",
            Placement.IN_PLACE,
            0.0,
            0.05,
            _with("customer_name", _without_letters),
            "customer_name",
            is_repairable=False,
            hits=_has_letters("customer_name"),
        ),
    ),
    "oms.orders": (
        Defect("missing_customer", Placement.IN_PLACE, 0.143, 0.25, _with("customer_id", _lost), "customer_id"),
        Defect("wrong_currency", Placement.IN_PLACE, 0.002, 0.02, _with("currency_code", _other_currency), "currency_code"),
        Defect(
            "unknown_representative",
            Placement.IN_PLACE,
            0.0,
            0.05,
            _with("rep_id", _unknown),
            "rep_id",
            is_repairable=False,
            hits=_is_set("rep_id"),
        ),
        _duplicate(0.005, 0.03),
    ),
    "oms.order_lines": (_duplicate(0.002, 0.02), _orphan("order_id", 0.001, 0.01)),
    "oms.order_events": (
        _duplicate(0.005, 0.03),
        Defect("late", Placement.LATE, 0.01, 0.05),
        Defect("out_of_order", Placement.LAST, 0.01, 0.10),
    ),
    "fin.payments": (_duplicate(0.003, 0.02), Defect("late", Placement.LATE, 0.01, 0.05)),
    "fin.payment_allocations": (_duplicate(0.002, 0.02), _orphan("invoice_id", 0.001, 0.01)),
}


def soiled(family: Family[Scenario]) -> Family[Scenario]:
    """The family as its tables arrive in the lake: the same rows, but for the defects of the scenario's level of dirt."""
    if not DEFECTS.keys() & set(family.tables):
        return family
    return replace(family, tables=(*family.tables, TRUTH), generate=partial(_generate, family.generate))


def _generate(clean: Callable[[Scenario, Part], Iterator[Chunk]], scenario: Scenario, part: Part) -> Iterator[Chunk]:
    for chunk in clean(scenario, part):
        if scenario.dirt != "none" and chunk.table in DEFECTS:
            yield from _soil(scenario, replace(chunk, rows=chunk.rows.cast(schema_of(chunk.table))))
        else:
            yield chunk


def _soil(scenario: Scenario, chunk: Chunk) -> Iterator[Chunk]:
    """The chunk with its defects, the rows that come late in a chunk of their own, and the answer key."""
    place = np.arange(chunk.rows.num_rows)  # of the rows of this file, in `pool`
    days = np.zeros(len(place), dtype="datetime64[D]") if chunk.days is None else chunk.days
    pool, pool_days, answers = [chunk.rows], [days], []
    last: list[NDArray[np.int64]] = []
    late: list[NDArray[np.int64]] = []
    stays = np.ones(len(place), dtype=bool)
    for defect, hit in _hits(scenario, chunk):
        true = chunk.rows.take(hit)
        dirty = defect.spoiled(true)
        spoiled = sum(len(rows) for rows in pool) + np.arange(len(hit))
        pool.append(dirty)
        pool_days.append(days[hit])
        if defect.placement is Placement.IN_PLACE:
            place[hit] = spoiled
        else:
            stays[hit] = defect.placement is Placement.ADDED
            (late if defect.placement is Placement.LATE else last).append(spoiled)
        answers.append(_answers(chunk.table, defect, true, dirty))
    all_rows, all_days = pa.concat_tables(pool), np.concatenate(pool_days)

    def arrived(path: str, places: list[NDArray[np.int64]]) -> Chunk:
        which = np.concatenate([*places, np.empty(0, dtype=np.int64)])
        return Chunk(chunk.table, path, all_rows.take(which), None if chunk.days is None else all_days[which])

    yield arrived(chunk.path, [place[stays], *last])
    yield arrived(chunk.path.replace("part-", "part-late-"), late)
    if answers:
        truth_path = chunk.path.replace("part-", f"part-{chunk.table.replace('.', '-')}-")
        answer_days = None if chunk.days is None else all_days[chunk.rows.num_rows :]
        yield Chunk(TRUTH, truth_path, pa.concat_tables(answers), answer_days)


def _hits(scenario: Scenario, chunk: Chunk) -> Iterator[tuple[Defect, NDArray[np.int64]]]:
    """Each defect of the table with the rows that it hits."""
    keys = [chunk.rows[column].to_numpy().astype(np.int64) for column in declared(chunk.table).key]
    chance = uniform_at(scenario.seed, TRUTH, chunk.table, *keys)
    begin = 0.0
    for defect in DEFECTS[chunk.table]:
        end = begin + (defect.realistic if scenario.dirt == "realistic" else defect.hostile)
        yield defect, np.flatnonzero((chance >= begin) & (chance < end) & defect.hits(chunk.rows))
        begin = end


def _answers(table: str, defect: Defect, true: pa.Table, dirty: pa.Table) -> pa.Table:
    keys = [pc.cast(dirty[column], pa.string()) for column in declared(table).key]
    values = [pa.nulls(len(true), pa.string())] * 2
    if defect.column is not None:
        values = [pc.cast(rows[defect.column], pa.string()) for rows in (true, dirty)]
    return rows_of(
        TRUTH,
        {
            "table_name": pa.repeat(table, len(true)),
            "row_key": pc.binary_join_element_wise(*keys, "|"),
            "defect_kind": pa.repeat(defect.kind, len(true)),
            "column_name": pa.repeat(pa.scalar(defect.column, pa.string()), len(true)),
            "true_value": values[0],
            "dirty_value": values[1],
            "is_repairable": pa.repeat(defect.is_repairable, len(true)),
            "created_at": true["created_at"],
            "updated_at": true["updated_at"],
        },
    )
