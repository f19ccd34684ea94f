{{ config(**rollup_config()) }}

with

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

{% if is_incremental() -%}

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

rolled_up as (

    select * from {{ this }}

),

arrived_by_day as (

    select
        unit_id,
        event_date,
        cast(sum(reading_count) as bigint) as reading_count
    from ingest_files
    group by unit_id, event_date

),

rolled_up_by_day as (

    select
        tags.unit_id,
        rolled_up.bucket_date as event_date,
        cast(sum(rolled_up.reading_count) as bigint) as reading_count
    from rolled_up
    inner join tags
        on rolled_up.tag_id = tags.tag_id
    group by tags.unit_id, rolled_up.bucket_date

),

-- Counts, not a watermark: a file may be found after another that arrived later.
incomplete_days as (

    select
        arrived_by_day.unit_id,
        arrived_by_day.event_date
    from arrived_by_day
    left join rolled_up_by_day
        on
            arrived_by_day.unit_id = rolled_up_by_day.unit_id
            and arrived_by_day.event_date = rolled_up_by_day.event_date
    where coalesce(rolled_up_by_day.reading_count, 0) <> arrived_by_day.reading_count

),

{% endif -%}

prepared as (

    select
        readings.tag_id,

        readings.value,
        readings.quality,
        cast(round(readings.value / tags.resolution) as bigint) as steps,
        {{ microsecond_of_minute('readings.measured_at') }} as microsecond,
        readings.seq,

        readings.measured_at,
        case when readings.value is not null then readings.measured_at end as value_at,
        readings.ingested_at,
        date_trunc('minute', readings.measured_at) as bucket_at
    from readings
    inner join tags
        on
            readings.org_id = tags.org_id
            and readings.tag_id = tags.tag_id
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from incomplete_days
            where
                incomplete_days.event_date = readings.event_date
                {%- if not rewrites_whole_dates() %}
                and incomplete_days.unit_id = tags.unit_id
                {%- endif %}
        )
    {%- endif %}

),

-- Extremes come with their earliest time: steps first, then time, in one number. It holds 10^11 steps either way and
-- overflows loudly beyond. Among readings of one instant, seq decides which is first and last.
buckets as (

    select
        tag_id,

        count(*) as reading_count,
        count(case when quality >= 192 then 1 end) as good_count,
        count(case when quality between 64 and 127 then 1 end) as uncertain_count,
        -- Transport takes seconds, an outage ten minutes and more.
        count(case when ingested_at > measured_at + interval '5 minutes' then 1 end) as late_count,
        min(quality) as worst_quality,

        cast(sum(steps) as {{ type_exact_integer() }}) as value_sum,
        cast(
            sum(cast(steps as decimal(18, 0)) * cast(steps as decimal(18, 0)))
            as {{ type_exact_integer() }}
        ) as value_square_sum,
        min(value) as minimum,
        max(value) as maximum,
        {{ arg_min('value', 'microsecond * 32768 + seq') }} as first_value,
        {{ arg_max('value', 'microsecond * 32768 + seq') }} as last_value,

        bucket_at,
        {{ arg_min('measured_at', 'steps * 60000000 + microsecond') }} as minimum_at,
        {{ arg_max('measured_at', 'steps * 60000000 - microsecond') }} as maximum_at,
        min(value_at) as first_value_at,
        max(value_at) as last_value_at,
        max(ingested_at) as last_ingested_at
    from prepared
    group by tag_id, bucket_at

),

final as (

    select
        {{ reading_bucket_key('buckets.tag_id', 'buckets.bucket_at') }} as reading_bucket_key,
        buckets.tag_id,
        tags.org_id,

        buckets.reading_count,
        buckets.good_count,
        buckets.uncertain_count,
        buckets.reading_count - buckets.good_count - buckets.uncertain_count as bad_count,
        buckets.late_count,
        buckets.reading_count as child_count,
        buckets.worst_quality,

        buckets.value_sum,
        buckets.value_square_sum,
        {{ finished_columns('buckets', 'tags') }},

        buckets.bucket_at,
        buckets.minimum_at,
        buckets.maximum_at,
        buckets.first_value_at,
        buckets.last_value_at,
        buckets.last_ingested_at,

        cast(buckets.bucket_at as date) as bucket_date
    from buckets
    inner join tags
        on buckets.tag_id = tags.tag_id

)

select * from final
{%- if is_incremental() and not rewrites_whole_dates() %}
where
    not exists (
        select 1
        from rolled_up
        where
            rolled_up.reading_bucket_key = final.reading_bucket_key
            and rolled_up.reading_count = final.reading_count
            and rolled_up.last_ingested_at = final.last_ingested_at
    )
{%- endif %}
