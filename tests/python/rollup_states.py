"""The stored columns of every level, unpacked, against the reference."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from tests.python.rollup_reference import MINUTE, Reading, Tag, finished, roll_up

LEVELS = {"minute": 1, "quarter_hour": 15, "hour": 60, "day": 1440}
ZONE = "Europe/Berlin"

UNPACKED = """
    reading_count, duplicate_count, good_count, uncertain_count, late_count, worst_quality, value_sum, value_square_sum,
    (minimum_packed >> 53) - 1125899906842624 as minimum_eighths,
    minimum_packed & 9007199254740991 as minimum_us,
    (maximum_packed >> 53) - 1125899906842624 as maximum_eighths,
    9007199254740991 - (maximum_packed & 9007199254740991) as maximum_us,
    first_packed >> 62 as first_us,
    nullif((first_packed & 4611686018427387903) >> 16, 0) - 17592186044416 as first_steps,
    first_packed & 65535 as first_quality,
    last_packed >> 62 as last_us,
    nullif((last_packed & 4611686018427387903) >> 16, 0) - 17592186044416 as last_steps,
    last_packed & 65535 as last_quality,
    start_bound_eighths, end_bound_eighths, double_area, triple_square_area, duration_good_us, duration_uncertain_us,
    duration_bad_us, duration_zero_us, transition_count, increase_steps, decrease_count,
    epoch_us(last_ingested_at) as last_ingested_us
"""


def utc_buckets(minutes: int) -> Callable[[int], tuple[int, int]]:
    """Begin and end of the bucket that holds an instant."""
    width = minutes * MINUTE
    return lambda at: (at // width * width, (at // width + 1) * width)


def local_days(zone: str) -> Callable[[int], tuple[int, int]]:
    """Begin and end of the day of a zone that holds an instant."""
    clock = ZoneInfo(zone)

    def day(at: int) -> tuple[int, int]:
        midnight = datetime.fromtimestamp(at // 1_000_000, clock).replace(hour=0, minute=0, second=0)
        next_midnight = midnight + timedelta(days=1)
        return int(midnight.timestamp()) * 1_000_000, int(next_midnight.timestamp()) * 1_000_000

    return day


def assert_equal(
    connection: duckdb.DuckDBPyConnection, tags: list[Tag], rows: list[tuple[Tag, Reading]], zone: str = ZONE
) -> None:
    """Every state and histogram of every level of these tags, all of one zone, is what the reference computes."""
    buckets = {level: utc_buckets(minutes) for level, minutes in LEVELS.items()} | {"local_day": local_days(zone)}
    readings_of: dict[Tag, list[Reading]] = defaultdict(list)
    for tag, reading in rows:
        readings_of[tag].append(reading)
    of_tags = f"where tag_id in ({', '.join(str(tag.tag_id) for tag in tags)})"
    for level, bucket_of in buckets.items():
        expected = {
            (tag.tag_id, begin): state for tag in tags for begin, state in roll_up(tag, readings_of[tag], bucket_of).items()
        }
        cursor = connection.execute(
            f"select tag_id, epoch_us(bucket_at) as begin, {UNPACKED} from intermediate.int_readings_by_{level} {of_tags}"
        )
        names = [column[0] for column in cursor.description]
        found = {row[:2]: dict(zip(names[2:], row[2:], strict=True)) for row in cursor.fetchall()}
        for state in found.values():
            state["bins"] = {}
        for tag_id, begin, bin_no, count in connection.execute(
            f"select tag_id, epoch_us(bucket_at), bin, reading_count from intermediate.int_reading_bins_by_{level} {of_tags}"
        ).fetchall():
            if count:
                found[tag_id, begin]["bins"][bin_no] = count
        assert found.keys() == expected.keys(), level
        for key, state in expected.items():
            different = {name: (found[key][name], value) for name, value in state.items() if found[key][name] != value}
            assert not different, (level, key)
        assert_finished(connection, level, tags, expected, {key: bucket_of(key[1])[1] - key[1] for key in expected})


def assert_finished(
    connection: duckdb.DuckDBPyConnection,
    level: str,
    tags: list[Tag],
    states: dict[tuple[int, int], dict[str, Any]],
    widths: dict[tuple[int, int], int],
) -> None:
    """The columns that analysts read are those of the states, but for the last digits of a double."""
    tag_of = {tag.tag_id: tag for tag in tags}
    cursor = connection.execute(
        f"select *, epoch_us(bucket_at) as begin, epoch_us(minimum_at) as minimum_us, epoch_us(maximum_at) as maximum_us"
        f" from chemical.fct_readings_by_{level} where tag_id in ({', '.join(map(str, tag_of))})"
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len(rows) == len(states)
    for row in rows:
        key = row["tag_id"], row["begin"]
        tag, state = tag_of[row["tag_id"]], states[key]
        for name, value in finished(tag, state, widths[key]).items():
            size = 0.0 if name.startswith("duration") else row["range"] or 0.0
            tolerance = 1e-6 * size if "deviation" in name else 1e-12 * size
            if isinstance(value, float) and row[name] is not None:
                assert math.isclose(row[name], value, rel_tol=1e-12, abs_tol=tolerance), (level, key, name, row[name], value)
            else:
                assert row[name] == value, (level, key, name)
