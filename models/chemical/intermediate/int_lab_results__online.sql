with

samples as (

    select * from {{ ref('stg_lims__samples') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

analysed_tags as (

    select
        org_id,
        tag_id,
        is_stepped,
        cast(max_hold_seconds as bigint) * 1000000 as max_hold_microseconds
    from tags
    where tag_id in (select samples.tag_id from samples)

),

segments as (

    select
        analysed_tags.org_id,
        analysed_tags.tag_id,
        analysed_tags.is_stepped,
        analysed_tags.max_hold_microseconds,

        readings.value,
        readings.quality,
        lead(readings.value) over following as next_value,

        readings.measured_at,
        lead(readings.measured_at) over following as next_measured_at
    from readings
    inner join analysed_tags
        on readings.tag_id = analysed_tags.tag_id
    window following as (partition by readings.tag_id order by readings.measured_at, readings.seq)

),

held as (

    select
        samples.sample_id,
        segments.value,
        segments.quality,
        segments.next_value,
        segments.is_stepped,
        segments.measured_at,
        {{ epoch_microseconds('samples.sampled_at') }}
        - {{ epoch_microseconds('segments.measured_at') }} as age_microseconds,
        {{ epoch_microseconds('segments.next_measured_at') }}
        - {{ epoch_microseconds('segments.measured_at') }} as segment_microseconds,
        segments.max_hold_microseconds
    from samples
    inner join segments
        on
            samples.org_id = segments.org_id
            and samples.tag_id = segments.tag_id
            and samples.sampled_at >= segments.measured_at
            and (
                samples.sampled_at < segments.next_measured_at
                or segments.next_measured_at is null
            )

),

final as (

    select
        sample_id,

        case
            when is_stepped or next_value is null then value
            else
                value + (next_value - value)
                * cast(age_microseconds as {{ type_double() }}) / segment_microseconds
        end as online_value,
        quality as online_quality,
        cast(age_microseconds as {{ type_double() }}) / 1000000 as online_age_seconds,

        measured_at as online_measured_at
    from held
    where age_microseconds < max_hold_microseconds

)

select * from final
