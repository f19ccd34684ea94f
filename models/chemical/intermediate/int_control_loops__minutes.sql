with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

units as (

    select * from {{ ref('stg_asset__units') }}

),

minutes as (

    select * from {{ ref('fct_readings_by_minute') }}

),

standing_minutes as (

    select
        tags.unit_id,
        minutes.bucket_at
    from minutes
    inner join tags
        on minutes.tag_id = tags.tag_id
    inner join units
        on
            tags.org_id = units.org_id
            and tags.unit_id = units.unit_id
            and tags.tag_name = units.unit_code || '-XS-100'
    where
        tags.tag_role = 'STATE'
        and minutes.duration_in_state_zero_seconds > 0

),

loop_tags as (

    select
        tag_id,
        org_id,
        unit_id,
        loop_id,
        tag_role,
        range_low,
        range_high,
        range_high - range_low as span,
        resolution,
        noise_sd
    from tags
    where loop_id is not null

),

loop_minutes as (

    select
        loop_tags.org_id,
        loop_tags.unit_id,
        loop_tags.loop_id,
        minutes.bucket_date,
        minutes.bucket_at,
        sum(minutes.reading_count) as reading_count,
        {%- for role, name in [('PV', 'process_value'), ('SP', 'set_point'), ('OP', 'output')] %}
        max(case when loop_tags.tag_role = '{{ role }}' then minutes.time_average end)
            as {{ name }},
        {%- endfor %}
        max(case when loop_tags.tag_role = 'PV' then loop_tags.span end) as span,
        max(case when loop_tags.tag_role = 'PV' then loop_tags.noise_sd end) as noise_sd,
        max(case when loop_tags.tag_role = 'PV' then minutes.time_standard_deviation end)
            as process_value_deviation,
        max(
            case
                when loop_tags.tag_role = 'PV'
                    then minutes.duration_good_seconds + minutes.duration_uncertain_seconds
            end
        ) as process_value_seconds,
        max(
            case
                when
                    loop_tags.tag_role = 'OP'
                    and (
                        minutes.time_average > loop_tags.range_high - loop_tags.resolution / 2
                        or minutes.time_average < loop_tags.range_low + loop_tags.resolution / 2
                    )
                    then 1
            end
        ) as is_saturated,
        max(
            case when loop_tags.tag_role = 'MODE' then minutes.duration_in_state_zero_seconds end
        ) as manual_seconds,
        -- Modes are 0, 1 and 2: the integral tells how long each of the two that are not 0 held.
        max(
            case
                when loop_tags.tag_role = 'MODE'
                    then 2 * minutes.duration_in_state_nonzero_seconds - minutes.total
            end
        ) as automatic_seconds,
        max(
            case
                when loop_tags.tag_role = 'MODE'
                    then minutes.total - minutes.duration_in_state_nonzero_seconds
            end
        ) as cascade_seconds
    from minutes
    inner join loop_tags
        on minutes.tag_id = loop_tags.tag_id
    group by
        loop_tags.org_id,
        loop_tags.unit_id,
        loop_tags.loop_id,
        minutes.bucket_date,
        minutes.bucket_at

),

final as (

    select
        {{ reading_bucket_key('loop_minutes.loop_id', 'loop_minutes.bucket_at') }}
            as loop_minute_key,
        loop_minutes.loop_id,
        loop_minutes.org_id,
        loop_minutes.unit_id,

        loop_minutes.reading_count,
        loop_minutes.process_value,
        loop_minutes.set_point,
        loop_minutes.output,
        loop_minutes.process_value - loop_minutes.set_point as error,
        loop_minutes.process_value_deviation,
        loop_minutes.span,
        loop_minutes.noise_sd,
        loop_minutes.process_value_seconds,
        loop_minutes.manual_seconds,
        loop_minutes.automatic_seconds,
        loop_minutes.cascade_seconds,

        coalesce(loop_minutes.is_saturated = 1, false) as is_saturated,
        standing_minutes.unit_id is not null as is_standing,
        -- An error means something only while the controller works on it.
        coalesce(
            standing_minutes.unit_id is null
            and loop_minutes.manual_seconds = 0
            and loop_minutes.process_value_seconds > 0
            and loop_minutes.set_point is not null,
            false
        ) as is_controlled,

        loop_minutes.bucket_date,
        loop_minutes.bucket_at
    from loop_minutes
    left join standing_minutes
        on
            loop_minutes.unit_id = standing_minutes.unit_id
            and loop_minutes.bucket_at = standing_minutes.bucket_at

)

select * from final
