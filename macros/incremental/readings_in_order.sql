{#-
    Readings in whole steps and microseconds, each with the one before it of the same tag. Of several readings of one instant
    the one that arrived last counts; the others are superseded and follow only each other. An incremental model reads those
    that its CTE `touched` names. From the source itself: a CTE that is read twice is kept whole in memory.
-#}
{% macro readings_in_order() -%}
    {{ return(adapter.dispatch('readings_in_order', 'saltworks')()) }}
{%- endmacro %}

{% macro default__readings_in_order() -%}
    {{ sorted_readings(measured_readings()) }}
{%- endmacro %}

{#-
    Sorting costs DuckDB more than all else, and files are sorted already. So a full build takes the row before in the files for
    the reading before. That is right for a tag and day whose rows go back in time only once, at their beginning: then they are
    one ascending chain. The others (duplicates, late files) are sorted. A test counts the links of each minute's chain.
-#}
{% macro duckdb__readings_in_order() -%}
    {%- if is_incremental() -%}
        {{ default__readings_in_order() }}
    {%- else -%}
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
                lag(at_us) over () as followed_us,
                lag(steps) over () as followed_steps,
                lag(quality) over () as followed_quality
            from ({{ measured_readings() }})

        )

        select
            * exclude (followed_tag_id, followed_us, followed_steps, followed_quality),
            false as is_superseded,
            case when followed_tag_id = tag_id and followed_us < at_us then followed_us end
                as previous_us,
            followed_steps as previous_steps,
            followed_quality as previous_quality
        from in_file_order
        anti join tangled using (tag_id, measured_date)

        union all

        select * from (
            {{ sorted_readings(
                'select * from (' ~ measured_readings() ~ ') semi join tangled using (tag_id, measured_date)'
            ) }}
        )
    )
    {%- endif -%}
{%- endmacro %}


{% macro sorted_readings(readings) -%}
    select
        *,
        lag(at_us) over counted as previous_us,
        lag(steps) over counted as previous_steps,
        lag(quality) over counted as previous_quality
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


{% macro measured_readings() -%}
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
        cast(readings.measured_at as date) as measured_date
    from {{ source('historian', 'readings') }} as readings
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
