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
distinct_seconds = _call("distinct_seconds")
epoch_microseconds = _call("epoch_microseconds")
epoch_seconds = _call("epoch_seconds")
floor_divide = _call("floor_divide")
in_eur = _call("in_eur")
iso_day_of_week = _call("iso_day_of_week")
local_hour = _call("local_hour")
mended_encoding = _call("mended_encoding")
microsecond_of_minute = _call("microsecond_of_minute")
order_line_key = _call("order_line_key")
packed_extreme_eighths = _call("packed_extreme_eighths")
reading_bucket_key = _call("reading_bucket_key")
steps_of = _call("steps_of")
surrogate_key = _call("surrogate_key")
time_bucket = _call("time_bucket")
value_of = _call("value_of")


def type_double() -> str:
    """Eight bytes."""
    return "double"


def type_exact_integer() -> str:
    """Exact sums."""
    return "decimal(38, 0)"


def type_money() -> str:
    """Two decimals."""
    return "decimal(18, 2)"


def type_rate() -> str:
    """Six decimals."""
    return "decimal(18, 6)"


def arg_max(value: str, by: str) -> str:
    """An aggregate of its value."""
    return f"arg_max({value}, {by})"


def finished_columns() -> str:
    """One of the columns that the macro adds."""
    return "average"


def merged_buckets(children: str, minutes: int) -> str:
    """A select that names the level below."""
    return f"select children.tag_id from {children} as children"


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
