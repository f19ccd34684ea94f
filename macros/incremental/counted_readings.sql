{#- Readings of these dates in whole steps and microseconds without those that a later arrival supersedes. -#}
{% macro counted_readings(dates) -%}
    {{ return(adapter.dispatch('counted_readings', 'saltworks')(dates)) }}
{%- endmacro %}

{% macro default__counted_readings(dates) -%}
    select * from ({{ readings_in_order(measured_readings(readings_of(dates))) }}) as readings
    where not is_superseded
{%- endmacro %}

{#- Tags and days that are in order have no duplicates, and need no sorting. -#}
{% macro duckdb__counted_readings(dates) -%}
    with

    tangled as materialized (

        {{ tangled_tag_days(dates) }}

    )

    select * from ({{ measured_readings(readings_of(dates)) }})
    anti join tangled using (tag_id, measured_date)

    union all by name

    select * exclude (is_superseded, previous_us, previous_steps, previous_quality)
    from ({{ tangled_readings_in_order(dates) }})
    where not is_superseded
{%- endmacro %}
