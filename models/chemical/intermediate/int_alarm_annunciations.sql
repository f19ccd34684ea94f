with

events as (

    select * from {{ ref('stg_alarm__events') }}
    where is_annunciated

),

neighbours as (

    select
        *,
        lag(occurred_at, 2) over (partition by alarm_id order by event_id) as second_before_at,
        lag(occurred_at, 1) over (partition by alarm_id order by event_id) as first_before_at,
        lead(occurred_at, 1) over (partition by alarm_id order by event_id) as first_after_at,
        lead(occurred_at, 2) over (partition by alarm_id order by event_id) as second_after_at
    from events

),

final as (

    select
        event_id,
        org_id,
        alarm_id,

        console_code,

        coalesce(occurred_at <= second_before_at + interval '1 minute', false)
        or coalesce(first_after_at <= first_before_at + interval '1 minute', false)
        or coalesce(second_after_at <= occurred_at + interval '1 minute', false)
            as is_chattering,

        occurred_at as annunciated_at
    from neighbours

)

select * from final
