{#-
    What analysts read of a level: the columns computed from its state and the tag's resolution, one row from one row. All is exact
    until the last division.
-#}
{% macro finished_buckets(buckets) %}
with

buckets as (

    select * from {{ buckets }}

),

tags as (

    select * from {{ source('asset', 'tags') }}

),

unpacked as (

    select
        buckets.*,
        tags.resolution,
        buckets.good_count + buckets.uncertain_count as value_count,
        {{ epoch_microseconds('buckets.bucket_end_at') }} - {{ epoch_microseconds('buckets.bucket_at') }}
            as width_us,
        buckets.duration_good_us + buckets.duration_uncertain_us as known_us,
        {{ packed_extreme_eighths('buckets.minimum_packed') }} as minimum_eighths,
        {{ packed_minimum_at('buckets.minimum_packed') }} as minimum_us,
        {{ packed_extreme_eighths('buckets.maximum_packed') }} as maximum_eighths,
        {{ packed_maximum_at('buckets.maximum_packed') }} as maximum_us,
        {{ packed_reading_steps(packed_reading_content('buckets.first_packed')) }} as first_steps,
        {{ packed_reading_steps(packed_reading_content('buckets.last_packed')) }} as last_steps
    from buckets
    inner join tags
        on buckets.tag_id = tags.tag_id

),

valued as (

    select
        *,
        {{ value_of('minimum_eighths', 'resolution', 8) }} as minimum,
        {{ value_of('maximum_eighths', 'resolution', 8) }} as maximum,
        {{ value_of('first_steps', 'resolution') }} as first_value,
        {{ value_of('last_steps', 'resolution') }} as last_value,
        {{ value_of('start_bound_eighths', 'resolution', 8) }} as start_bound,
        {{ value_of('end_bound_eighths', 'resolution', 8) }} as end_bound,
        -- Above the minimum the numbers are small, so that doubles lose nothing by subtracting.
        double_area
        - 2 * cast(minimum_eighths as {{ type_wide_integer() }}) * known_us as area_above,
        triple_square_area
        - 3 * cast(minimum_eighths as {{ type_wide_integer() }}) * double_area
        + 3 * cast(minimum_eighths as {{ type_wide_integer() }}) * minimum_eighths * known_us
            as square_area_above,
        {{ nearest_double('value_sum') }} / nullif(value_count, 0) as mean_steps,
        {{ nearest_double('double_area') }} / 16 / nullif(known_us, 0) as time_mean_steps,
        value_count * cast(value_square_sum as {{ type_wide_integer() }})
        - cast(value_sum as {{ type_wide_integer() }}) * cast(value_sum as {{ type_wide_integer() }})
            as square_spread
    from unpacked

),

final as (

    select
        reading_bucket_key,
        tag_id,
        org_id,

        reading_count,
        good_count,
        uncertain_count,
        reading_count - duplicate_count - good_count - uncertain_count as bad_count,
        duplicate_count,
        late_count,
        worst_quality,

        {{ value_of('mean_steps', 'resolution') }} as average,
        {{ value_of('time_mean_steps', 'resolution') }} as time_average,
        case
            when known_us > 0
                then {{ value_of('(' ~ nearest_double('double_area') ~ ' / 16)', 'resolution') }} / 1000000
        end as total,
        minimum,
        maximum,
        {{ value_of('(maximum_eighths - minimum_eighths)', 'resolution', 8) }} as range,
        first_value,
        last_value,
        start_bound,
        end_bound,
        {{ value_of('(last_steps - first_steps)', 'resolution') }} as delta,
        case
            when value_count > 1
                then resolution * sqrt(
                    {{ nearest_double('square_spread') }}
                    / value_count
                    / (value_count - 1)
                )
        end as standard_deviation,
        case
            when known_us > 0
                then resolution / 8 * sqrt(greatest(
                    {{ nearest_double('square_area_above') }} / 3 / known_us
                    - ({{ nearest_double('area_above') }} / 2 / known_us)
                    * ({{ nearest_double('area_above') }} / 2 / known_us),
                    0
                ))
        end as time_standard_deviation,
        duration_good_us / cast(1000000 as {{ type_double() }}) as duration_good_seconds,
        duration_uncertain_us / cast(1000000 as {{ type_double() }}) as duration_uncertain_seconds,
        duration_bad_us / cast(1000000 as {{ type_double() }}) as duration_bad_seconds,
        (width_us - known_us - duration_bad_us) / cast(1000000 as {{ type_double() }})
            as duration_no_data_seconds,
        100 * cast(duration_good_us as {{ type_double() }}) / width_us as percent_good,
        100 * cast(duration_bad_us as {{ type_double() }}) / width_us as percent_bad,
        transition_count as number_of_transitions,
        duration_zero_us / cast(1000000 as {{ type_double() }}) as duration_in_state_zero_seconds,
        (known_us - duration_zero_us) / cast(1000000 as {{ type_double() }})
            as duration_in_state_nonzero_seconds,
        {%- for name in ('p05', 'p50', 'p95') %}
        case when {{ name }} is not null then least(greatest({{ name }}, minimum), maximum) end as {{ name }},
        {%- endfor %}

        bucket_at,
        {{ add_microseconds("timestamp '1970-01-01 00:00:00'", 'minimum_us') }} as minimum_at,
        {{ add_microseconds("timestamp '1970-01-01 00:00:00'", 'maximum_us') }} as maximum_at,
        last_ingested_at,

        bucket_date
    from valued

)

select * from final
{% endmacro %}
