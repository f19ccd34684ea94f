-- depends_on: {{ ref('stg_historian__ingest_files') }}
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

steps as (

    select
        readings.tag_id,

        readings.quality,
        {{ steps_of('readings.value', 'tags.resolution') }} as steps,
        {{ microsecond_of_minute('readings.measured_at') }} as microsecond,

        readings.ingested_at > readings.measured_at + interval '5 minutes' as is_late,

        readings.ingested_at,
        date_trunc('minute', readings.measured_at) as bucket_at
    from readings
    -- Not on org_id too, which costs four times as much: the foreign key keeps tenants apart.
    inner join tags
        on readings.tag_id = tags.tag_id
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

-- What an ordinary group-by cannot say, the value at a time or the time of a value, is packed into
-- one number whose least or greatest is asked for. It holds 7 × 10^10 steps either way and
-- overflows loudly beyond. Of readings at one instant the least is first, the greatest is last.
packed as (

    select
        tag_id,

        count(*) as reading_count,
        count(case when quality >= 192 then 1 end) as good_count,
        count(case when quality between 64 and 127 then 1 end) as uncertain_count,
        count(case when is_late then 1 end) as late_count,
        min(quality) as worst_quality,

        cast(sum(steps) as {{ type_exact_integer() }}) as value_sum,
        cast(
            sum(cast(steps as decimal(18, 0)) * cast(steps as decimal(18, 0)))
            as {{ type_exact_integer() }}
        ) as value_square_sum,
        min(steps * 125000000 + microsecond) as minimum_then_time,
        max(steps * 125000000 - microsecond) as maximum_then_time,
        min(microsecond * 150000000000 + steps) as first_time_then_steps,
        max(microsecond * 150000000000 + steps) as last_time_then_steps,

        bucket_at,
        max(ingested_at) as last_ingested_at
    from steps
    group by tag_id, bucket_at

),

unpacked as (

    select
        *,
        {{ floor_divide('minimum_then_time', 125000000) }} as minimum_steps,
        {{ floor_divide('(maximum_then_time + 60000000)', 125000000) }} as maximum_steps,
        {{ floor_divide('(first_time_then_steps + 75000000000)', 150000000000) }}
            as first_microsecond,
        {{ floor_divide('(last_time_then_steps + 75000000000)', 150000000000) }}
            as last_microsecond
    from packed

),

buckets as (

    select
        unpacked.*,
        tags.org_id,
        tags.resolution,
        {{ value_of('unpacked.minimum_steps', 'tags.resolution') }} as minimum,
        {{ value_of('unpacked.maximum_steps', 'tags.resolution') }} as maximum,
        {{ value_of(
            '(unpacked.first_time_then_steps - unpacked.first_microsecond * 150000000000)',
            'tags.resolution'
        ) }} as first_value,
        {{ value_of(
            '(unpacked.last_time_then_steps - unpacked.last_microsecond * 150000000000)',
            'tags.resolution'
        ) }} as last_value
    from unpacked
    inner join tags
        on unpacked.tag_id = tags.tag_id

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'bucket_at') }} as reading_bucket_key,
        tag_id,
        org_id,

        reading_count,
        good_count,
        uncertain_count,
        reading_count - good_count - uncertain_count as bad_count,
        late_count,
        reading_count as child_count,
        worst_quality,

        value_sum,
        value_square_sum,
        {{ finished_columns() }},

        bucket_at,
        {{ add_microseconds('bucket_at', 'minimum_then_time - minimum_steps * 125000000') }}
            as minimum_at,
        {{ add_microseconds('bucket_at', 'maximum_steps * 125000000 - maximum_then_time') }}
            as maximum_at,
        {{ add_microseconds('bucket_at', 'first_microsecond') }} as first_value_at,
        {{ add_microseconds('bucket_at', 'last_microsecond') }} as last_value_at,
        last_ingested_at,

        cast(bucket_at as date) as bucket_date
    from buckets

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
