with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

units as (

    select * from {{ ref('stg_asset__units') }}

),

-- The minutes are named twice, below: DuckDB would hold all rows of a CTE that is read twice.
standing_minutes as (

    select
        tags.unit_id,
        minutes.bucket_at
    from {{ ref('int_readings_by_minute') }} as minutes
    inner join tags
        on minutes.tag_id = tags.tag_id
    inner join units
        on
            tags.org_id = units.org_id
            and tags.unit_id = units.unit_id
            and tags.tag_name = units.unit_code || '-XS-100'
    where
        tags.tag_role = 'STATE'
        and minutes.duration_zero_us > 0

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

known_minutes as (

    select
        loop_tags.*,
        minutes.bucket_date,
        minutes.bucket_at,
        {{ nearest_double('minutes.double_area') }} / 16 as area,
        {{ nearest_double('minutes.triple_square_area') }} / 192 as square_area,
        minutes.duration_good_us + minutes.duration_uncertain_us as known_us,
        minutes.duration_zero_us as zero_us
    from {{ ref('int_readings_by_minute') }} as minutes
    inner join loop_tags
        on minutes.tag_id = loop_tags.tag_id
    where minutes.duration_good_us + minutes.duration_uncertain_us > 0

),

finished_minutes as (

    select
        *,
        {{ value_of('(area / known_us)', 'resolution') }} as time_average,
        resolution * sqrt(
            greatest(square_area / known_us - (area / known_us) * (area / known_us), 0)
        ) as deviation,
        {{ value_of('area', 'resolution') }} / 1000000 as total,
        cast(known_us as {{ type_double() }}) / 1000000 as known_seconds,
        cast(zero_us as {{ type_double() }}) / 1000000 as zero_seconds,
        cast(known_us - zero_us as {{ type_double() }}) / 1000000 as nonzero_seconds
    from known_minutes

),

loop_minutes as (

    select
        org_id,
        unit_id,
        loop_id,
        bucket_date,
        bucket_at,
        {%- for role, name in [('PV', 'process_value'), ('SP', 'set_point'), ('OP', 'output')] %}
        max(case when tag_role = '{{ role }}' then time_average end) as {{ name }},
        {%- endfor %}
        max(case when tag_role = 'PV' then span end) as span,
        max(case when tag_role = 'PV' then noise_sd end) as noise_sd,
        max(case when tag_role = 'PV' then deviation end) as process_value_deviation,
        max(case when tag_role = 'PV' then known_seconds end) as process_value_seconds,
        max(
            case
                when
                    tag_role = 'OP'
                    and (
                        time_average > range_high - resolution / 2
                        or time_average < range_low + resolution / 2
                    )
                    then 1
            end
        ) as is_saturated,
        max(case when tag_role = 'MODE' then zero_seconds end) as manual_seconds,
        -- Modes are 0, 1 and 2: the integral tells how long each of the two that are not 0 held.
        max(case when tag_role = 'MODE' then 2 * nonzero_seconds - total end)
            as automatic_seconds,
        max(case when tag_role = 'MODE' then total - nonzero_seconds end) as cascade_seconds
    from finished_minutes
    group by org_id, unit_id, loop_id, bucket_date, bucket_at

),

final as (

    select
        {{ reading_bucket_key('loop_minutes.loop_id', 'loop_minutes.bucket_at') }}
            as loop_minute_key,
        loop_minutes.loop_id,
        loop_minutes.org_id,
        loop_minutes.unit_id,

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
