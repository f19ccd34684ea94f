{#- Readings in whole steps and microseconds without those that a later arrival supersedes. -#}
{% macro counted_readings() -%}
    {{ return(adapter.dispatch('counted_readings', 'saltworks')()) }}
{%- endmacro %}

{% macro default__counted_readings() -%}
    select * from ({{ readings_in_order() }}) as readings
    where not is_superseded
{%- endmacro %}

{#- Tags and days that are in order have no duplicates, and need no sorting. -#}
{% macro duckdb__counted_readings() -%}
    {%- if is_incremental() -%}
        {{ default__counted_readings() }}
    {%- else -%}
        with

        tangled as materialized (

            {{ tangled_tag_days('true') }}

        )

        select * from ({{ measured_readings() }})
        anti join tangled using (tag_id, measured_date)

        union all by name

        select * exclude (is_superseded, previous_us, previous_steps, previous_quality)
        from ({{ readings_in_order(
            'select * from (' ~ measured_readings() ~ ') semi join tangled using (tag_id, measured_date)'
        ) }})
        where not is_superseded
    {%- endif -%}
{%- endmacro %}
