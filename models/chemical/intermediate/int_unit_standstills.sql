{#-
    The run-state tag is scanned once a minute. The journal knows the second: the logic of a unit suppresses its alarms a minute
    after the interlock, and releases them with the restart.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

units as (

    select * from {{ ref('stg_asset__units') }}

),

run_state_tags as (

    select
        tags.org_id,
        tags.tag_id,
        tags.unit_id
    from tags
    inner join units
        on
            tags.org_id = units.org_id
            and tags.unit_id = units.unit_id
    where
        tags.tag_role = 'STATE'
        and tags.tag_name = units.unit_code || '-XS-100'

),

states as (

    select
        run_state_tags.unit_id,
        run_state_tags.org_id,
        readings.value > 0.5 as is_running,
        readings.measured_at
    from {{ ref('stg_historian__readings') }} as readings
    inner join run_state_tags
        on readings.tag_id = run_state_tags.tag_id
    where
        readings.quality >= 192
        and readings.seq = 0

),

neighbours as (

    select
        *,
        lag(is_running) over (partition by unit_id order by measured_at) as was_running,
        lag(measured_at) over (partition by unit_id order by measured_at) as previous_at
    from states

),

changes as (

    select
        *,
        lead(previous_at) over (partition by unit_id order by measured_at) as last_standing_at,
        lead(measured_at) over (partition by unit_id order by measured_at) as first_running_at
    from neighbours
    where was_running is null or was_running <> is_running

),

suppressions as (

    select distinct
        unit_id,
        transition,
        case
            when transition = 'SUPPRESS' then occurred_at - interval '1 minute'
            else occurred_at
        end as changed_at
    from {{ ref('stg_alarm__events') }}
    where transition in ('SUPPRESS', 'UNSUPPRESS')

),

bounded as (

    select
        changes.unit_id,
        changes.org_id,
        changes.measured_at as first_standing_at,
        changes.first_running_at,
        max(case when suppressions.transition = 'SUPPRESS' then suppressions.changed_at end)
            as tripped_at,
        min(case when suppressions.transition = 'UNSUPPRESS' then suppressions.changed_at end)
            as released_at
    from changes
    left join suppressions
        on
            changes.unit_id = suppressions.unit_id
            and (
                (
                    suppressions.transition = 'SUPPRESS'
                    and changes.previous_at < suppressions.changed_at
                    and changes.measured_at >= suppressions.changed_at
                )
                or (
                    suppressions.transition = 'UNSUPPRESS'
                    and changes.last_standing_at < suppressions.changed_at
                    and changes.first_running_at >= suppressions.changed_at
                )
            )
    where not changes.is_running
    group by
        changes.unit_id,
        changes.org_id,
        changes.measured_at,
        changes.first_running_at

),

final as (

    select
        unit_id,
        org_id,

        coalesce(tripped_at, first_standing_at) as started_at,
        coalesce(released_at, first_running_at) as ended_at
    from bounded

)

select * from final
