{{ config(**rollup_config()) }}

{%- set dates = touched_dates('event_date', dates_of_new(ref('int_reading_minutes'))) %}

with

tags as (

    select * from {{ source('asset', 'tags') }}

),

{% if is_incremental() and not rewrites_whole_dates() -%}

touched as (

    select reading_bucket_key from {{ ref('int_reading_minutes') }}
    where {{ is_new() }}

),

{% endif -%}

readings as (

    {{ counted_readings(dates) }}

),

binned as (

    select
        readings.tag_id,
        tags.org_id,
        readings.steps,
        {{ whole_quotient('readings.at_us', 60000000) }} as minute,
        {{ bin_of('readings.steps', 'tags.resolution', 'tags.range_low', 'tags.range_high') }}
            as bin
    from readings
    inner join tags
        on readings.tag_id = tags.tag_id

),

-- Readings without a value count nothing, but have a row: it replaces what they corrected.
final as (

    select
        cast(tag_id as bigint) * 1000000000 + minute as reading_bucket_key,
        tag_id,
        org_id,

        bin,
        count(steps) as reading_count,
        cast(
            (select max(minutes.revision) from {{ ref('int_reading_minutes') }} as minutes) as int
        ) as revision,

        {{ minute_at('minute') }} as bucket_at,

        cast({{ minute_at('minute') }} as date) as bucket_date
    from binned
    group by tag_id, org_id, minute, bin

)

select * from final
