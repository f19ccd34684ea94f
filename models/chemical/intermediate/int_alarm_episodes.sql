{#- What a row of the journal says holds until the alarm's next row: its state, and its episode. -#}
with

events as (

    select * from {{ ref('stg_alarm__events') }}

),

histories as (

    select * from {{ ref('int_unit_histories') }}

),

-- Keys ascend with time within a unit. The order of keys, not of times, so that a time that is out
-- of order is seen and not sorted away.
numbered as (

    select
        *,
        max(case when transition = 'ALM' then event_id end) over (
            partition by alarm_id order by event_id
            rows between unbounded preceding and current row
        ) as alarm_episode_id,
        lead(occurred_at) over (partition by alarm_id order by event_id) as next_occurred_at
    from events

),

judged as (

    select
        *,
        max(case when transition = 'RTN' then 1 else 0 end) over (
            partition by alarm_episode_id order by event_id
            rows between unbounded preceding and current row
        ) = 0 as condition_holds
    from numbered
    where alarm_episode_id is not null

),

timed as (

    select
        judged.*,
        histories.history_ends_at,
        case
            when judged.condition_holds
                then
                    {{ epoch_seconds(
                        'coalesce(judged.next_occurred_at, histories.history_ends_at)'
                    ) }}
                    - {{ epoch_seconds('judged.occurred_at') }}
            else 0
        end as held_seconds
    from judged
    left join histories
        on judged.unit_id = histories.unit_id

),

per_episode as (

    select
        alarm_episode_id,

        {{ arg_min(
            "case when transition = 'ACK' then user_id end", 'event_id'
        ) }} as acknowledged_by_user_id,

        cast(sum(case when is_annunciated then 1 else 0 end) as bigint) as annunciation_count,
        cast(sum(held_seconds) as bigint) as active_seconds,
        cast(sum(case when state_after = 'SHLVD' then held_seconds else 0 end) as bigint)
            as shelved_seconds,
        cast(sum(case when state_after = 'DSUPR' then held_seconds else 0 end) as bigint)
            as suppressed_seconds,
        cast(sum(case when state_after = 'OOSRV' then held_seconds else 0 end) as bigint)
            as out_of_service_seconds,

        min(case when is_annunciated then occurred_at end) as annunciated_at,
        min(case when transition = 'ACK' then occurred_at end) as acknowledged_at,
        min(case when transition = 'SHELVE' then occurred_at end) as shelved_at,
        min(case when transition = 'SUPPRESS' then occurred_at end) as suppressed_at,
        min(case when transition = 'RTN' then occurred_at end) as cleared_at,
        max(history_ends_at) as history_ends_at
    from timed
    group by alarm_episode_id

),

final as (

    select
        per_episode.alarm_episode_id,
        raised.org_id,
        raised.alarm_id,
        raised.tag_id,
        raised.unit_id,
        per_episode.acknowledged_by_user_id,

        raised.console_code,
        raised.condition,
        raised.priority,
        raised.state_after as raised_state,

        raised.value as raised_value,
        raised.limit_value,
        per_episode.annunciation_count,
        per_episode.active_seconds,
        per_episode.shelved_seconds,
        per_episode.suppressed_seconds,
        per_episode.out_of_service_seconds,

        raised.occurred_at as raised_at,
        per_episode.annunciated_at,
        per_episode.acknowledged_at,
        per_episode.shelved_at,
        per_episode.suppressed_at,
        per_episode.cleared_at,
        coalesce(per_episode.cleared_at, per_episode.history_ends_at) as active_until
    from per_episode
    inner join events as raised
        on per_episode.alarm_episode_id = raised.event_id

)

select * from final
