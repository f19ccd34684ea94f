{#- Readings of these dates in whole steps and microseconds without those that a later arrival supersedes. -#}
{% macro counted_readings(dates) -%}
    {{ return(adapter.dispatch('counted_readings', 'saltworks')(dates)) }}
{%- endmacro %}

{% macro default__counted_readings(dates) -%}
    select * from ({{ readings_in_order(measured_readings(readings_of(dates))) }}) as readings
    where not is_superseded
{%- endmacro %}

{#- Only tags and days with duplicates, which their minutes have counted, need sorting. -#}
{% macro duckdb__counted_readings(dates) -%}
    with

    repeated as materialized (

        select distinct
            tag_id,
            bucket_date as measured_date
        from {{ ref('int_reading_minutes') }}
        where duplicate_count > 0

    )

    select * from ({{ measured_readings(readings_of(dates)) }})
    anti join repeated using (tag_id, measured_date)

    union all by name

    select * exclude (is_superseded, previous_us, previous_steps, previous_quality)
    from ({{ readings_of_tag_days_in_order(dates, 'repeated') }})
    where not is_superseded
{%- endmacro %}
