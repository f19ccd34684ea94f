{{ config(**rollup_config()) }}

{%- set dates = touched_dates('event_date', changed_days()) %}

with

tags as (

    select * from {{ source('asset', 'tags') }}

),

{% if is_incremental() and not rewrites_whole_dates() -%}

touched as (

    {{ touched_minutes(dates) }}

),

{% endif -%}

minutes as (

    {{ reading_sums(dates) }}

),

final as (

    select
        cast(minutes.tag_id as bigint) * 1000000000 + minutes.minute as reading_bucket_key,
        minutes.tag_id,
        tags.org_id,

        minutes.reading_count,
        minutes.duplicate_count,
        minutes.good_count,
        minutes.uncertain_count,
        minutes.late_count,
        minutes.link_count,
        minutes.worst_quality,

        minutes.value_sum,
        minutes.value_square_sum,
        minutes.minimum_packed,
        minutes.maximum_packed,
        minutes.first_packed,
        minutes.last_packed,

        minutes.double_area,
        minutes.triple_square_area,
        minutes.duration_us - minutes.duration_uncertain_us - minutes.duration_bad_us
            as duration_good_us,
        minutes.duration_uncertain_us,
        minutes.duration_bad_us,
        minutes.duration_zero_us,
        minutes.transition_count,
        minutes.increase_steps,
        minutes.decrease_count,
        cast({{ next_revision() }} as int) as revision,

        minutes.minute as reading_minute,

        minutes.last_ingested_at,

        cast({{ minute_at('minutes.minute') }} as date) as bucket_date
    from minutes
    inner join tags
        on minutes.tag_id = tags.tag_id

)

select * from final
