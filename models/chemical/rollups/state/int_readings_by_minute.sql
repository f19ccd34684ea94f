{{ config(materialized='view') }}

with

signal_minutes as (

    select * from {{ ref('int_signal_minutes') }}

),

reading_minutes as (

    select * from {{ ref('int_reading_minutes') }}

),

final as (

    select
        signal_minutes.reading_bucket_key,
        signal_minutes.tag_id,
        signal_minutes.org_id,

        coalesce(reading_minutes.reading_count, 0) as reading_count,
        coalesce(reading_minutes.duplicate_count, 0) as duplicate_count,
        coalesce(reading_minutes.good_count, 0) as good_count,
        coalesce(reading_minutes.uncertain_count, 0) as uncertain_count,
        coalesce(reading_minutes.late_count, 0) as late_count,
        coalesce(reading_minutes.reading_count, 0) as child_count,
        reading_minutes.worst_quality,

        reading_minutes.value_sum,
        reading_minutes.value_square_sum,
        signal_minutes.minimum_packed,
        signal_minutes.maximum_packed,
        reading_minutes.first_packed,
        reading_minutes.last_packed,
        signal_minutes.start_bound_eighths,
        signal_minutes.end_bound_eighths,

        signal_minutes.double_area,
        signal_minutes.triple_square_area,
        signal_minutes.duration_good_us,
        signal_minutes.duration_uncertain_us,
        signal_minutes.duration_bad_us,
        signal_minutes.duration_zero_us,
        signal_minutes.transition_count,
        signal_minutes.increase_steps,
        signal_minutes.decrease_count,
        signal_minutes.revision,

        signal_minutes.bucket_at,
        signal_minutes.bucket_at + interval '1 minute' as bucket_end_at,
        reading_minutes.last_ingested_at,

        signal_minutes.bucket_date
    from signal_minutes
    left join reading_minutes
        on signal_minutes.reading_bucket_key = reading_minutes.reading_bucket_key

)

select * from final
