with

quarter_hours as (

    select * from {{ ref('int_readings_by_quarter_hour') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

-- Where the noise alone would move the value; not what a controller or an operator sets.
restless_tags as (

    select tag_id
    from tags
    where
        not is_stepped
        and noise_sd >= resolution

),

flat_quarter_hours as (

    select
        quarter_hours.org_id,
        quarter_hours.tag_id,
        quarter_hours.bucket_date,
        quarter_hours.start_bound_eighths as flat_eighths,
        {{ floor_divide(epoch_seconds('quarter_hours.bucket_at'), 900) }} as quarter_hour_no
    from quarter_hours
    inner join restless_tags
        on quarter_hours.tag_id = restless_tags.tag_id
    where
        quarter_hours.start_bound_eighths = quarter_hours.end_bound_eighths
        and {{ packed_extreme_eighths('quarter_hours.minimum_packed') }}
        = quarter_hours.start_bound_eighths
        and {{ packed_extreme_eighths('quarter_hours.maximum_packed') }}
        = quarter_hours.start_bound_eighths
        -- A value cut at an end of the range, or a last usable one, is uncertain.
        and quarter_hours.duration_good_us = 900000000

),

-- In a run of neighbours, the number less the place is the same.
numbered as (

    select
        *,
        quarter_hour_no - row_number() over (
            partition by tag_id, bucket_date, flat_eighths
            order by quarter_hour_no
        ) as run_no
    from flat_quarter_hours

),

runs as (

    select
        org_id,
        tag_id,
        bucket_date,
        flat_eighths,
        run_no,
        count(*) * 900 as run_seconds
    from numbered
    group by org_id, tag_id, bucket_date, flat_eighths, run_no

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'cast(bucket_date as timestamp)') }} as tag_day_key,
        org_id,
        tag_id,

        max(run_seconds) as longest_flat_seconds,

        bucket_date as health_date
    from runs
    group by org_id, tag_id, bucket_date

)

select * from final
