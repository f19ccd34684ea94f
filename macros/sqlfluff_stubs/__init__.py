"""Stands in for dbt's macros and the project's own while sqlfluff lints, so that it need not compile them for every file.

A macro becomes a call of a function of its name; a type becomes its name on DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _call(name: str) -> Callable[..., str]:
    def stand_in(*arguments: Any, **named: Any) -> str:
        return f"{name}({', '.join(str(argument) for argument in (*arguments, *named.values()))})"

    return stand_in


class _Dbt:
    """The namespace `dbt`."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        return (lambda: "varchar") if name.startswith("type_") else _call(name)


dbt = _Dbt()

as_rate = _call("as_rate")
add_microseconds = _call("add_microseconds")
epoch_microseconds = _call("epoch_microseconds")
epoch_seconds = _call("epoch_seconds")
floor_divide = _call("floor_divide")
in_eur = _call("in_eur")
iso_day_of_week = _call("iso_day_of_week")
local_hour = _call("local_hour")
local_day_at = _call("local_day_at")
low_bits = _call("low_bits")
mended_encoding = _call("mended_encoding")
microsecond_of_minute = _call("microsecond_of_minute")
minute_at = _call("minute_at")
minute_of = _call("minute_of")
of_row_before = _call("of_row_before")
order_line_key = _call("order_line_key")
packed_extreme_eighths = _call("packed_extreme_eighths")
packed_maximum = _call("packed_maximum")
packed_minimum = _call("packed_minimum")
packed_reading = _call("packed_reading")
packed_reading_at = _call("packed_reading_at")
packed_reading_content = _call("packed_reading_content")
packed_reading_quality = _call("packed_reading_quality")
packed_reading_steps = _call("packed_reading_steps")
reading_bucket_key = _call("reading_bucket_key")
signal_eighths = _call("signal_eighths")
square_sum = _call("square_sum")
steps_of = _call("steps_of")
surrogate_key = _call("surrogate_key")
time_bucket = _call("time_bucket")
value_of = _call("value_of")
nearest_double = _call("nearest_double")
whole_quotient = _call("whole_quotient")
bin_of = _call("bin_of")
each_whole_number = _call("unnest")


def type_double() -> str:
    """Eight bytes."""
    return "double"


def type_wide_integer() -> str:
    """128 bits."""
    return "hugeint"


def type_money() -> str:
    """Two decimals."""
    return "decimal(18, 2)"


def type_rate() -> str:
    """Six decimals."""
    return "decimal(18, 6)"


def arg_max(value: str, by: str) -> str:
    """An aggregate of its value."""
    return f"arg_max({value}, {by})"


def arg_min(value: str, by: str) -> str:
    """An aggregate of its value."""
    return f"arg_min({value}, {by})"


def finished_buckets(buckets: str) -> str:
    """A select that names the state."""
    return f"select buckets.tag_id from {buckets} as buckets"


def bucket_quantiles(bins: str, is_looked_at: str, buckets: str) -> str:
    """A select that names the tags and the histogram."""
    columns = "bins.reading_bucket_key, bins.p05, bins.p50, bins.p95"
    return f"select {columns} from {bins} as bins inner join tags on bins.tag_id = tags.tag_id"


def merged_buckets(children: str, **_: object) -> str:
    """A select that names the level below."""
    return f"select children.tag_id from {children} as children"


def merged_bins(children: str, **_: object) -> str:
    """A select that names the level below."""
    return f"select children.tag_id from {children} as children"


def reading_sums(dates: str) -> str:
    """A select of the minutes that the CTE `touched` names."""
    return "select touched.tag_id from touched"


def counted_readings(dates: str) -> str:
    """A select of the readings that the CTE `touched` names."""
    return "select touched.tag_id from touched"


def last_minute_reached() -> str:
    """A column."""
    return "next_us"


def minutes_to_link() -> str:
    """A select of the minutes that the CTEs `looked_at` and `changed` name."""
    return "select looked_at.tag_id from looked_at inner join changed on looked_at.tag_id = changed.tag_id"


def touched_dates(column: str, query: str) -> str:
    """In a full build."""
    return "true"


def is_looked_at() -> str:
    """In a full build."""
    return "true"


def changed_days() -> str:
    """A select of dates."""
    return "select minutes.event_date from minutes"


def is_new(revision: str = "revision") -> str:
    """A condition."""
    return f"{revision} > 0"


def dates_of_new(children: str) -> str:
    """A select of dates."""
    return f"select children.bucket_date from {children} as children"


def touched_minutes(dates: str) -> str:
    """A select of minutes."""
    return "select minutes.tag_id from minutes"


def changed_reading_minutes(minutes: str) -> str:
    """A select of spans."""
    return f"select minutes.tag_id from {minutes} as minutes"


def next_revision() -> str:
    """Of a full build."""
    return "1"


def rewrites_whole_dates() -> bool:
    """As on DuckDB."""
    return False


def rollup_config() -> dict[str, Any]:
    """Settings do not change the SQL."""
    return {}


def accepted_rows(raw_table: str, quarantine: str, key: list[str]) -> str:
    """A select of the raw rows."""
    return f"select * from {raw_table}"


def rejected_rows(raw_table: str, key: list[str], parent: str | None = None, parent_key: str | None = None) -> str:
    """A select of keys."""
    return f"select * from {raw_table}"
