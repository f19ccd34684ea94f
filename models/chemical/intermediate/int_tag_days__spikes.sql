with

minutes as (

    select * from {{ ref('int_readings_by_minute') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

-- Values in eighths of the tag's resolution, as the roll-ups keep them.
moves as (

    select
        minutes.org_id,
        minutes.tag_id,
        minutes.bucket_date,
        ({{ packed_extreme_eighths('minutes.maximum_packed') }})
        - ({{ packed_extreme_eighths('minutes.minimum_packed') }}) as range_eighths,
        abs(minutes.end_bound_eighths - minutes.start_bound_eighths)
            as shift_eighths,
        8 * (tags.range_high - tags.range_low) / tags.resolution as span_eighths
    from minutes
    inner join tags
        on minutes.tag_id = tags.tag_id
    where not tags.is_stepped

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'cast(bucket_date as timestamp)') }} as tag_day_key,
        org_id,
        tag_id,

        count(*) as spike_minute_count,

        bucket_date as health_date
    from moves
    where
        range_eighths > 0.1 * span_eighths
        -- There and back: a process that moves so far stays there for a while.
        and shift_eighths < 0.25 * range_eighths
    group by org_id, tag_id, bucket_date

)

select * from final
