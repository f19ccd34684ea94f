{#- Hour 0 to 23 on a local clock that is `utc_offset_minutes` (within two days) ahead of UTC. -#}
{% macro local_hour(timestamp, utc_offset_minutes) -%}
    cast(
        floor(mod({{ minute_of_day(timestamp) }} + {{ utc_offset_minutes }} + 2880, 1440) / 60.0)
        as {{ dbt.type_int() }}
    )
{%- endmacro %}
