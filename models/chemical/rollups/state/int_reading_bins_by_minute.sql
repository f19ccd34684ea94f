{{ config(**rollup_config()) }}

with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

{% if is_incremental() -%}

touched as (

    select
        tag_id,
        bucket_date as event_date,
        mod(reading_bucket_key, 1000000000) as minute
    from {{ ref('int_reading_minutes') }}
    where revision > (select coalesce(max(revision), 0) from {{ this }})

),

{% endif -%}

readings as (

    {{ readings_in_order() }}

),

binned as (

    select
        readings.tag_id,
        tags.org_id,
        {{ whole_quotient('readings.at_us', 60000000) }} as minute,
        {{ bin_of('readings.steps', 'tags.resolution', 'tags.range_low', 'tags.range_high') }}
            as bin
    from readings
    inner join tags
        on readings.tag_id = tags.tag_id
    where readings.steps is not null

),

final as (

    select
        cast(tag_id as bigint) * 1000000000 + minute as reading_bucket_key,
        tag_id,
        org_id,

        bin,
        count(*) as reading_count,
        cast((select max(revision) from {{ ref('int_reading_minutes') }}) as int) as revision,

        {{ minute_at('minute') }} as bucket_at,

        cast({{ minute_at('minute') }} as date) as bucket_date
    from binned
    group by tag_id, org_id, minute, bin

)

select * from final
