{#-
    A returned row is an episode that sounded before it was raised, was acknowledged before it sounded, or cleared before it was
    raised; that began before the one before it had cleared; or whose parts last longer than the whole.
-#}
with

alarms as (

    select
        *,
        lag(active_until) over (partition by alarm_id order by alarm_episode_id)
            as previous_active_until
    from {{ ref('fct_alarms') }}

)

select
    alarm_episode_id,
    raised_at,
    annunciated_at,
    acknowledged_at,
    cleared_at,
    previous_active_until
from alarms
where
    annunciated_at < raised_at
    or acknowledged_at < annunciated_at
    or (acknowledged_at is not null and annunciated_at is null)
    or cleared_at < raised_at
    or raised_at < previous_active_until
    or shelved_seconds + suppressed_seconds + out_of_service_seconds > active_seconds
    or active_seconds < 0
