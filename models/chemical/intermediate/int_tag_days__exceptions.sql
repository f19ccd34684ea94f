with

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

-- A few in a thousand: everything else is good and on time.
exceptional as (

    select
        org_id,
        tag_id,
        event_date,
        seq,
        quality,
        quality - mod(quality, 4) as quality_code,
        mod(quality, 4) as limit_bits,
        ingested_at > measured_at + interval '5 minutes' as is_late,
        ingested_at > measured_at + interval '10 seconds' as is_delayed
    from readings
    where
        quality <> 192
        or ingested_at > measured_at + interval '10 seconds'

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'cast(event_date as timestamp)') }} as tag_day_key,
        org_id,
        tag_id,

        -- OPC DA: 4 configuration error, 12 device failure, 16 sensor failure.
        count(case when quality_code in (4, 12, 16) then 1 end) as instrument_failure_count,
        -- 8 not connected, 20 last known, 24 communication failure, 68 last usable value.
        count(case when quality_code in (8, 20, 24, 68) then 1 end)
            as communication_failure_count,
        count(case when quality_code = 80 then 1 end) as inaccurate_count,
        count(case when limit_bits in (1, 2) and quality >= 64 then 1 end) as limited_count,
        count(case when is_delayed and not is_late and seq = 0 then 1 end) as delayed_count,

        event_date as health_date
    from exceptional
    group by org_id, tag_id, event_date

)

select * from final
