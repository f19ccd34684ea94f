with

loop_minutes as (

    select * from {{ ref('int_control_loops__minutes') }}

),

org_days as (

    select distinct
        org_id,
        bucket_date
    from {{ ref('int_readings_by_day') }}
    where reading_count > 0

),

-- Last values hold into the day after the last readings; that is no day of control.
minutes as (

    select loop_minutes.*
    from loop_minutes
    inner join org_days
        on
            loop_minutes.org_id = org_days.org_id
            and loop_minutes.bucket_date = org_days.bucket_date

),

control_loops as (

    select * from {{ ref('stg_asset__control_loops') }}

),

-- Errors within the instrument's noise count for neither side.
sides as (

    select
        loop_id,
        bucket_date,
        bucket_at,
        abs(error) as deviation,
        error > 0 as is_above,
        lag(error > 0) over (
            partition by loop_id, bucket_date
            order by bucket_at
        ) as was_above
    from minutes
    where
        is_controlled
        and abs(error) > noise_sd

),

numbered as (

    select
        *,
        sum(case when is_above <> was_above then 1 else 0 end) over (
            partition by loop_id, bucket_date
            order by bucket_at
            rows between unbounded preceding and current row
        ) as half_period_no
    from sides

),

half_periods as (

    select
        loop_id,
        bucket_date,
        half_period_no,
        sum(deviation) as area,
        {{ epoch_seconds('max(bucket_at)') }} - {{ epoch_seconds('min(bucket_at)') }} + 60
            as duration_seconds
    from numbered
    group by loop_id, bucket_date, half_period_no

),

neighbours as (

    select
        *,
        area / lag(area, 2) over sequence as area_ratio,
        cast(duration_seconds as {{ type_double() }}) / lag(duration_seconds, 2) over sequence
            as duration_ratio
    from half_periods
    window sequence as (partition by loop_id, bucket_date order by half_period_no)

),

oscillations as (

    select
        loop_id,
        bucket_date,
        count(*) - 1 as zero_crossing_count,
        -- Forsman and Stattin's h, with the middle of the limits that they give.
        case
            when count(*) >= 10
                then
                    cast(
                        sum(
                            case
                                when
                                    area_ratio >= 0.6
                                    and area_ratio * 0.6 <= 1
                                    and duration_ratio >= 0.75
                                    and duration_ratio * 0.75 <= 1
                                    then 1
                                else 0
                            end
                        ) as {{ type_double() }}
                    ) / count(*)
        end as oscillation_index,
        2 * avg(cast(duration_seconds as {{ type_double() }})) as oscillation_period_seconds
    from neighbours
    group by loop_id, bucket_date

),

steps as (

    select
        *,
        lag(set_point) over (partition by loop_id order by bucket_at) as previous_set_point
    from minutes

),

-- What the operator set, not what a master set.
moves as (

    select
        loop_id,
        bucket_date,
        {{ epoch_seconds('bucket_at') }} as moved_at,
        {{ epoch_seconds('lag(bucket_at) over (partition by loop_id order by bucket_at)') }}
            as previous_moved_at
    from steps
    where
        is_controlled
        and cascade_seconds = 0
        and set_point <> previous_set_point

),

-- A ramp is one change, however many minutes it takes.
changes as (

    select
        loop_id,
        bucket_date,
        count(*) as set_point_change_count
    from moves
    where previous_moved_at is null or moved_at - previous_moved_at > 600
    group by loop_id, bucket_date

),

weighted as (

    select
        *,
        case when is_controlled then process_value_seconds else 0 end as controlled_seconds,
        100 * error / span as error_percent,
        100 * process_value_deviation / span as deviation_percent
    from minutes

),

sums as (

    select
        loop_id,
        org_id,
        unit_id,
        bucket_date,

        coalesce(sum(manual_seconds + automatic_seconds + cascade_seconds), 0)
            as covered_seconds,
        {%- for mode in ['manual', 'automatic', 'cascade'] %}
        coalesce(sum(case when is_standing then 0 else {{ mode }}_seconds end), 0)
            as {{ mode }}_seconds,
        {%- endfor %}
        coalesce(
            sum(
                case
                    when is_standing then manual_seconds + automatic_seconds + cascade_seconds
                    else 0
                end
            ),
            0
        ) as standing_seconds,
        sum(controlled_seconds) as controlled_seconds,
        sum(case when is_saturated then controlled_seconds else 0 end) as saturated_seconds,

        max(case when is_controlled then abs(error_percent) end) as worst_error_percent,
        sum(controlled_seconds * error_percent) as error_area,
        -- Within a minute the set point is its average.
        sum(controlled_seconds * (power(error_percent, 2) + power(deviation_percent, 2)))
            as error_square_area,
        sum(controlled_seconds * process_value) as process_value_area,
        sum(
            controlled_seconds * (power(process_value, 2) + power(process_value_deviation, 2))
        ) as process_value_square_area,
        sum(controlled_seconds * output) as output_area,
        sum(case when output is not null then controlled_seconds end) as output_seconds,
        max(span) as span
    from weighted
    group by loop_id, org_id, unit_id, bucket_date

),

averages as (

    select
        *,
        error_area / nullif(controlled_seconds, 0) as mean_error_percent,
        sqrt(error_square_area / nullif(controlled_seconds, 0)) as rms_error_percent,
        process_value_area / nullif(controlled_seconds, 0) as mean_process_value,
        sqrt(
            greatest(
                process_value_square_area / nullif(controlled_seconds, 0)
                - power(process_value_area / nullif(controlled_seconds, 0), 2),
                0
            )
        ) as process_value_deviation,
        output_area / nullif(output_seconds, 0) as mean_output_percent,
        100 * saturated_seconds / nullif(controlled_seconds, 0) as saturated_percent,
        100 * (automatic_seconds + cascade_seconds)
        / nullif(manual_seconds + automatic_seconds + cascade_seconds, 0) as service_factor
    from sums

),

-- Rounded, so that engines that add in another order say the same.
rated as (

    select
        cast(averages.loop_id as bigint) * 100000
        + {{ floor_divide(
            epoch_seconds('cast(averages.bucket_date as timestamp)'), 86400
        ) }} as loop_day_key,
        averages.loop_id,
        averages.org_id,
        averages.unit_id,

        control_loops.loop_name,
        control_loops.description as loop_description,

        {% for column in [
            'covered_seconds', 'manual_seconds', 'automatic_seconds', 'cascade_seconds',
            'standing_seconds', 'controlled_seconds', 'service_factor', 'mean_error_percent',
            'rms_error_percent', 'worst_error_percent', 'mean_output_percent', 'saturated_percent',
        ] -%}
        cast({{ as_rate('averages.' ~ column) }} as {{ type_double() }}) as {{ column }},
        {% endfor -%}
        cast(
            {{ as_rate('100 * averages.process_value_deviation / averages.span') }}
            as {{ type_double() }}
        ) as standard_deviation_percent,
        case
            when abs(averages.mean_process_value) > averages.span / 100
                then
                    cast(
                        {{ as_rate('
                            200 * averages.process_value_deviation / abs(averages.mean_process_value)
                        ') }} as {{ type_double() }}
                    )
        end as variability_percent,
        coalesce(changes.set_point_change_count, 0) as set_point_change_count,
        coalesce(oscillations.zero_crossing_count, 0) as zero_crossing_count,
        cast(
            {{ as_rate(
                '3600 * oscillations.zero_crossing_count / nullif(averages.controlled_seconds, 0)'
            ) }} as {{ type_double() }}
        ) as zero_crossings_per_hour,
        cast({{ as_rate('oscillations.oscillation_index') }} as {{ type_double() }})
            as oscillation_index,
        cast({{ as_rate('oscillations.oscillation_period_seconds') }} as {{ type_double() }})
            as oscillation_period_seconds,

        averages.bucket_date as performance_date
    from averages
    inner join control_loops
        on
            averages.org_id = control_loops.org_id
            and averages.loop_id = control_loops.loop_id
    left join oscillations
        on
            averages.loop_id = oscillations.loop_id
            and averages.bucket_date = oscillations.bucket_date
    left join changes
        on
            averages.loop_id = changes.loop_id
            and averages.bucket_date = changes.bucket_date

),

final as (

    select
        loop_day_key,
        loop_id,
        org_id,
        unit_id,

        loop_name,
        loop_description,
        case
            when service_factor is null and standing_seconds > 0 then 'unit stood'
            when service_factor < 50 then 'in manual'
            when controlled_seconds < 3600 then 'not judged'
            when saturated_percent > 10 then 'output at its end'
            when oscillation_index >= 0.4 and rms_error_percent >= 1 then 'oscillates'
            when abs(mean_error_percent) >= 2 then 'off its set point'
            when rms_error_percent >= 5 then 'large errors'
            else 'holds its set point'
        end as verdict,

        covered_seconds,
        manual_seconds,
        automatic_seconds,
        cascade_seconds,
        standing_seconds,
        controlled_seconds,
        service_factor,
        mean_error_percent,
        rms_error_percent,
        worst_error_percent,
        standard_deviation_percent,
        variability_percent,
        mean_output_percent,
        saturated_percent,
        set_point_change_count,
        zero_crossing_count,
        zero_crossings_per_hour,
        oscillation_index,
        oscillation_period_seconds,

        performance_date
    from rated

)

select * from final
