with

minutes as (

    select * from {{ ref('fct_readings_by_minute') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

final as (

    select
        {{ reading_bucket_key(
            'minutes.tag_id', 'cast(minutes.bucket_date as timestamp)'
        ) }} as tag_day_key,
        minutes.org_id,
        minutes.tag_id,

        count(*) as spike_minute_count,

        minutes.bucket_date as health_date
    from minutes
    inner join tags
        on minutes.tag_id = tags.tag_id
    where
        not tags.is_stepped
        and minutes.range > 0.1 * (tags.range_high - tags.range_low)
        -- There and back: a process that moves so far stays there for a while.
        and abs(minutes.end_bound - minutes.start_bound) < minutes.range / 4
    group by minutes.org_id, minutes.tag_id, minutes.bucket_date

)

select * from final
