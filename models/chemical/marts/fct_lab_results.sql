with

samples as (

    select * from {{ ref('stg_lims__samples') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

minutes as (

    select * from {{ ref('int_readings_by_minute') }}

),

online as (

    select * from {{ ref('int_lab_results__online') }}

),

-- Of the minutes that lie wholly in the time of collecting.
online_while_collecting as (

    select
        samples.sample_id,
        {{ nearest_double('sum(minutes.double_area)') }} / 16
        / nullif(sum(minutes.duration_good_us + minutes.duration_uncertain_us), 0)
            as average_steps,
        cast(
            sum(minutes.duration_good_us + minutes.duration_uncertain_us) as {{ type_double() }}
        ) / 1000000 as known_seconds,
        min(minutes.worst_quality) as worst_quality
    from samples
    inner join minutes
        on
            samples.tag_id = minutes.tag_id
            and samples.collecting_began_at <= minutes.bucket_at
            and samples.sampled_at >= minutes.bucket_at + interval '1 minute'
    group by samples.sample_id

),

compared as (

    select
        samples.*,
        tags.range_high - tags.range_low as span,
        case
            when samples.collecting_began_at is null then online.online_value
            else {{ value_of('online_while_collecting.average_steps', 'tags.resolution') }}
        end as online_value,
        case
            when samples.collecting_began_at is null then online.online_quality
            else online_while_collecting.worst_quality
        end as online_quality,
        case
            when samples.collecting_began_at is null then online.online_age_seconds
        end as online_age_seconds,
        case
            when samples.collecting_began_at is null then online.online_measured_at
        end as online_measured_at,
        case
            when samples.collecting_began_at is not null
                then coalesce(online_while_collecting.known_seconds, 0)
        end as online_known_seconds,
        {{ epoch_seconds('samples.sampled_at') }}
        - {{ epoch_seconds('samples.collecting_began_at') }} as collecting_seconds,
        {{ epoch_seconds('samples.reported_at') }} - {{ epoch_seconds('samples.sampled_at') }}
            as reporting_delay_seconds
    from samples
    inner join tags
        on
            samples.org_id = tags.org_id
            and samples.tag_id = tags.tag_id
    left join online
        on samples.sample_id = online.sample_id
    left join online_while_collecting
        on samples.sample_id = online_while_collecting.sample_id

),

final as (

    select
        sample_id,
        org_id,
        unit_id,
        tag_id,
        analyst_user_id,

        sample_kind,
        sample_status,
        method,
        unit_of_measure,

        value as result_value,
        online_value,
        online_value - value as difference,
        100 * (online_value - value) / nullif(span, 0) as difference_percent_of_range,
        online_quality,
        online_age_seconds,
        online_known_seconds,
        collecting_seconds,
        reporting_delay_seconds,

        collecting_began_at,
        sampled_at,
        online_measured_at,
        reported_at
    from compared

)

select * from final
