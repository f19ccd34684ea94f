with

episodes as (

    select * from {{ ref('int_alarm_episodes') }}

),

annunciations as (

    select * from {{ ref('int_alarm_annunciations') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

-- An annunciation belongs to the last episode that began before it.
chattering as (

    select distinct episodes.alarm_episode_id
    from episodes
    inner join annunciations
        on
            episodes.alarm_id = annunciations.alarm_id
            and episodes.raised_at <= annunciations.annunciated_at
            and episodes.active_until > annunciations.annunciated_at
    where annunciations.is_chattering

),

extremes as (

    select
        episodes.alarm_episode_id,
        min(readings.value) as minimum,
        max(readings.value) as maximum
    from readings
    inner join episodes
        on
            readings.tag_id = episodes.tag_id
            and readings.measured_at >= episodes.raised_at
            and readings.measured_at < episodes.active_until
    where episodes.condition <> 'BADPV'
    group by episodes.alarm_episode_id

),

final as (

    select
        episodes.alarm_episode_id,
        episodes.org_id,
        units.plant_id,
        episodes.unit_id,
        tags.equipment_id,
        episodes.tag_id,
        episodes.alarm_id,
        episodes.acknowledged_by_user_id,

        episodes.console_code,
        episodes.condition,
        episodes.priority,
        episodes.raised_state,

        episodes.limit_value,
        episodes.raised_value,
        case
            when episodes.condition in ('PVHH', 'PVHI') then extremes.maximum
            when episodes.condition in ('PVLO', 'PVLL') then extremes.minimum
        end as peak_value,
        episodes.annunciation_count,
        episodes.active_seconds,
        {{ epoch_seconds('episodes.acknowledged_at') }}
        - {{ epoch_seconds('episodes.annunciated_at') }} as seconds_to_acknowledge,
        episodes.shelved_seconds,
        episodes.suppressed_seconds,
        episodes.out_of_service_seconds,

        episodes.annunciation_count > 0 as is_annunciated,
        episodes.cleared_at is null as is_active,
        chattering.alarm_episode_id is not null as is_chattering,
        episodes.annunciation_count > 0
        and coalesce(episodes.cleared_at < episodes.raised_at + interval '10 seconds', false)
            as is_fleeting,
        episodes.annunciation_count > 0
        and coalesce(episodes.active_until > episodes.raised_at + interval '24 hours', false)
            as is_stale,

        cast(episodes.raised_at as date) as raised_date,

        episodes.raised_at,
        episodes.annunciated_at,
        episodes.acknowledged_at,
        episodes.shelved_at,
        episodes.suppressed_at,
        episodes.cleared_at,
        episodes.active_until
    from episodes
    inner join tags
        on
            episodes.org_id = tags.org_id
            and episodes.tag_id = tags.tag_id
    inner join units
        on
            episodes.org_id = units.org_id
            and episodes.unit_id = units.unit_id
    left join chattering
        on episodes.alarm_episode_id = chattering.alarm_episode_id
    left join extremes
        on episodes.alarm_episode_id = extremes.alarm_episode_id

)

select * from final
