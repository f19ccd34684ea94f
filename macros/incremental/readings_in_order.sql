{#-
    Readings in whole steps and microseconds, each with the one before it of the same tag. Of several readings of one instant
    the one that arrived last counts; the others are superseded: without steps, quality or a reading before. An incremental model
    reads those that its CTE `touched` names. From the source itself: a CTE that is read twice is kept whole in memory.
-#}
{% macro readings_in_order() -%}
    {{ return(adapter.dispatch('readings_in_order', 'saltworks')()) }}
{%- endmacro %}

{% macro default__readings_in_order() -%}
    {{ sorted_readings(measured_readings()) }}
{%- endmacro %}

{#-
    Sorting costs DuckDB more than all else, and files are sorted already. So a full build takes the row before in the files for
    the reading before (after a join that would keep all rows in memory). It is right for a tag and day whose rows go back in
    time only once, at their beginning: then they are one ascending chain. The others (duplicates, late files) are sorted. A test
    counts the links of each minute's chain.
-#}
{% macro duckdb__readings_in_order() -%}
    {%- if is_incremental() -%}
        {{ default__readings_in_order() }}
    {%- else -%}
    {%- set follows = 'readings.followed_tag_id = readings.tag_id' %}
    select * from (
        with

        followed as (

            select
                *,
                lag(tag_id) over () as followed_tag_id,
                lag(measured_at) over () as followed_at
            from {{ source('historian', 'readings') }}

        ),

        tangled as (

            select
                tag_id,
                cast(measured_at as date) as measured_date
            from followed
            where
                followed_tag_id is distinct from tag_id
                or followed_at >= measured_at
                or followed_at < date_trunc('day', measured_at)
            group by tag_id, cast(measured_at as date)
            having count(*) > 1

        ),

        in_file_order as (

            select
                *,
                lag(tag_id) over () as followed_tag_id,
                lag(measured_at) over () as followed_at,
                lag(value) over () as followed_value,
                lag(quality) over () as followed_quality
            from {{ source('historian', 'readings') }}

        )

        select
            * exclude (seq, measured_date, followed_us),
            case when followed_us < at_us then followed_us end as previous_us,
            false as is_superseded
        from (
            {{ measured_readings('in_file_order', followed=[
                'case when ' ~ follows ~ ' then epoch_us(readings.followed_at) end as followed_us',
                'case when ' ~ follows ~ ' and (readings.followed_quality >= 192 or readings.followed_quality between 64 and 127)'
                ~ ' then ' ~ steps_of('readings.followed_value', 'tags.resolution') ~ ' end as previous_steps',
                'readings.followed_quality as previous_quality',
            ]) }}
        )
        anti join tangled using (tag_id, measured_date)

        union all by name

        {{ sorted_readings(
            'select * from (' ~ measured_readings() ~ ') semi join tangled using (tag_id, measured_date)'
        ) }}
    )
    {%- endif -%}
{%- endmacro %}


{% macro sorted_readings(readings) -%}
    select
        tag_id,
        is_stepped,
        hold_us,
        case when not is_superseded then quality end as quality,
        case when not is_superseded then steps end as steps,
        at_us,
        is_late,
        ingested_at,
        case when not is_superseded then lag(at_us) over counted end as previous_us,
        case when not is_superseded then lag(steps) over counted end as previous_steps,
        case when not is_superseded then lag(quality) over counted end as previous_quality,
        is_superseded
    from (
        select
            *,
            coalesce(
                lead(at_us) over (
                    partition by tag_id
                    order by at_us, ingested_at, seq, quality, steps
                ) = at_us,
                false
            ) as is_superseded
        from ({{ readings }}) as measured
    ) as ranked
    window counted as (partition by tag_id, is_superseded order by at_us)
{%- endmacro %}


{#- `followed` are further columns, of the row before. -#}
{% macro measured_readings(readings=source('historian', 'readings'), followed=[]) -%}
    select
        readings.tag_id,
        readings.seq,
        readings.quality,
        tags.is_stepped,
        cast(tags.max_hold_seconds as bigint) * 1000000 as hold_us,
        case
            when readings.quality >= 192 or readings.quality between 64 and 127
                then {{ steps_of('readings.value', 'tags.resolution') }}
        end as steps,
        {{ epoch_microseconds('readings.measured_at') }} as at_us,
        readings.ingested_at > readings.measured_at + interval '5 minutes' as is_late,
        readings.ingested_at,
        {%- for column in followed %}
        {{ column }},
        {%- endfor %}
        cast(readings.measured_at as date) as measured_date
    from {{ readings }} as readings
    -- Not on org_id too, which costs four times as much: the foreign key keeps tenants apart.
    inner join {{ ref('stg_asset__tags') }} as tags
        on readings.tag_id = tags.tag_id
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from touched
            where
                touched.event_date = readings.event_date
                {%- if not rewrites_whole_dates() %}
                and touched.tag_id = readings.tag_id
                and touched.minute = {{ minute_of('readings.measured_at') }}
                {%- endif %}
        )
    {%- endif %}
{%- endmacro %}
