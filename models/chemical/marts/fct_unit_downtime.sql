with

standstills as (

    select * from {{ ref('int_unit_standstills') }}

),

turnarounds as (

    select * from {{ ref('int_batch_turnarounds') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

alarms as (

    select * from {{ ref('fct_alarms') }}

),

entries as (

    select * from {{ ref('stg_logbook__entries') }}

),

work_orders as (

    select * from {{ ref('stg_cmms__work_orders') }}

),

work_order_events as (

    select * from {{ ref('stg_cmms__work_order_events') }}

),

histories as (

    select * from {{ ref('int_unit_histories') }}

),

intervals as (

    select
        unit_id,
        org_id,
        'trip' as downtime_kind,
        started_at,
        ended_at
    from standstills
    union all
    select
        unit_id,
        org_id,
        'between batches' as downtime_kind,
        started_at,
        ended_at
    from turnarounds

),

downtimes as (

    select
        intervals.unit_id * cast(10000000000 as bigint)
        + {{ epoch_seconds('intervals.started_at') }} as unit_downtime_id,
        intervals.*,
        {{ epoch_seconds('coalesce(intervals.ended_at, histories.history_ends_at)') }}
        - {{ epoch_seconds('intervals.started_at') }} as down_seconds,
        coalesce(intervals.ended_at, histories.history_ends_at) as down_until
    from intervals
    left join histories
        on intervals.unit_id = histories.unit_id

),

-- Before a trip: what sounded within half an hour and still stood.
last_alarms as (

    select
        downtimes.unit_downtime_id,
        max(alarms.alarm_episode_id) as last_alarm_episode_id
    from downtimes
    inner join alarms
        on
            downtimes.unit_id = alarms.unit_id
            and downtimes.started_at >= alarms.annunciated_at
            and alarms.annunciated_at > downtimes.started_at - interval '30 minutes'
            and downtimes.started_at < alarms.active_until
    where downtimes.downtime_kind = 'trip'
    group by downtimes.unit_downtime_id

),

-- Of the disturbances that are written down while the unit stands, the first reports the trip; one
-- that comes later and speaks of the trip says what it came from.
disturbances as (

    select
        downtimes.unit_downtime_id,
        entries.entry_id,
        entries.entry_text,
        entries.written_at,
        row_number() over (
            partition by downtimes.unit_downtime_id order by entries.written_at, entries.entry_id
        ) as place
    from downtimes
    inner join entries
        on
            downtimes.unit_id = entries.unit_id
            and downtimes.started_at <= entries.written_at
            and downtimes.down_until > entries.written_at
    where
        downtimes.downtime_kind = 'trip'
        and entries.category = 'disturbance'

),

explanations as (

    select
        unit_downtime_id,
        entry_id,
        entry_text,
        row_number() over (
            partition by unit_downtime_id order by written_at, entry_id
        ) as place
    from disturbances
    where
        place > 1
        and lower(entry_text) like '%trip%'

),

inspections as (

    select
        downtimes.unit_downtime_id,
        min(work_orders.work_order_id) as work_order_id
    from downtimes
    inner join work_orders
        on
            downtimes.unit_id = work_orders.unit_id
            and downtimes.started_at <= work_orders.opened_at
            and downtimes.down_until > work_orders.opened_at
    where
        downtimes.downtime_kind = 'trip'
        and work_orders.order_kind = 'inspection'
        and work_orders.priority = 'high'
    group by downtimes.unit_downtime_id

),

findings as (

    select
        work_order_id,
        {{ arg_max('remark', 'event_number') }} as finding
    from work_order_events
    where event_kind = 'completed'
    group by work_order_id

),

final as (

    select
        downtimes.unit_downtime_id,
        downtimes.org_id,
        units.plant_id,
        downtimes.unit_id,
        last_alarms.last_alarm_episode_id,
        reports.entry_id as report_entry_id,
        explanations.entry_id as cause_entry_id,
        inspections.work_order_id,

        downtimes.downtime_kind,
        reports.entry_text as report,
        explanations.entry_text as cause,
        findings.finding,

        downtimes.down_seconds,
        {{ as_rate(
            "case when downtimes.downtime_kind = 'trip' then downtimes.down_seconds else 0 end / 3600.0"
        ) }} as lost_hours,

        downtimes.downtime_kind <> 'trip' as is_planned,
        downtimes.ended_at is null as is_open,

        downtimes.started_at,
        downtimes.ended_at
    from downtimes
    inner join units
        on
            downtimes.org_id = units.org_id
            and downtimes.unit_id = units.unit_id
    left join last_alarms
        on downtimes.unit_downtime_id = last_alarms.unit_downtime_id
    left join disturbances as reports
        on
            downtimes.unit_downtime_id = reports.unit_downtime_id
            and reports.place = 1
    left join explanations
        on
            downtimes.unit_downtime_id = explanations.unit_downtime_id
            and explanations.place = 1
    left join inspections
        on downtimes.unit_downtime_id = inspections.unit_downtime_id
    left join findings
        on inspections.work_order_id = findings.work_order_id

)

select * from final
