with

faults as (

    select * from {{ ref('stg_truth__faults') }}

),

subjects as (

    select * from {{ ref('stg_truth__logbook_subjects') }}
    where fault_id is not null

),

alarms as (

    select * from {{ ref('fct_alarms') }}
    where is_annunciated

),

downtimes as (

    select * from {{ ref('fct_unit_downtime') }}
    where downtime_kind = 'trip'

),

entries as (

    select * from {{ ref('stg_logbook__entries') }}

),

work_orders as (

    select * from {{ ref('stg_cmms__work_orders') }}

),

histories as (

    select * from {{ ref('int_unit_histories') }}

),

alarms_during as (

    select
        faults.fault_id,
        count(*) as alarm_count,
        min(alarms.raised_at) as first_alarm_at,
        min(alarms.alarm_episode_id) as first_alarm_episode_id
    from faults
    inner join alarms
        on
            faults.unit_id = alarms.unit_id
            and faults.started_at <= alarms.raised_at
            and faults.ended_at > alarms.raised_at
    group by faults.fault_id

),

-- What sounds in the unit while nothing was put in: so many alarms a fault of the same length would
-- meet by chance.
quiet_alarms as (

    select
        alarms.unit_id,
        count(*) as alarm_count
    from alarms
    left join faults
        on
            alarms.unit_id = faults.unit_id
            and alarms.raised_at >= faults.started_at
            and alarms.raised_at < faults.ended_at
    where faults.fault_id is null
    group by alarms.unit_id

),

fault_seconds as (

    select
        unit_id,
        sum({{ epoch_seconds('ended_at') }} - {{ epoch_seconds('started_at') }}) as fault_seconds
    from faults
    group by unit_id

),

quiet_rates as (

    select
        histories.unit_id,
        cast(coalesce(quiet_alarms.alarm_count, 0) as {{ type_double() }})
        / (
            {{ epoch_seconds('histories.history_ends_at') }}
            - {{ epoch_seconds('histories.history_began_at') }}
            - fault_seconds.fault_seconds
        ) as alarms_per_second
    from histories
    inner join fault_seconds
        on histories.unit_id = fault_seconds.unit_id
    left join quiet_alarms
        on histories.unit_id = quiet_alarms.unit_id

),

entries_about as (

    select
        subjects.fault_id,
        entries.entry_id,
        entries.written_at,
        row_number() over (
            partition by subjects.fault_id order by entries.written_at, entries.entry_id
        ) as place
    from subjects
    inner join entries
        on subjects.entry_id = entries.entry_id

),

first_entries as (

    select
        fault_id,
        entry_id as first_entry_id,
        written_at as first_entry_at
    from entries_about
    where place = 1

),

work_orders_about as (

    select
        subjects.fault_id,
        min(work_orders.opened_at) as first_work_order_at,
        min(work_orders.work_order_id) as first_work_order_id
    from subjects
    inner join work_orders
        on subjects.work_order_id = work_orders.work_order_id
    group by subjects.fault_id

),

trips as (

    select
        faults.fault_id,
        min(downtimes.unit_downtime_id) as unit_downtime_id
    from faults
    inner join downtimes
        on
            faults.unit_id = downtimes.unit_id
            and faults.started_at <= downtimes.started_at
            and faults.ended_at > downtimes.started_at
    group by faults.fault_id

),

joined as (

    select
        faults.*,
        alarms_during.first_alarm_episode_id,
        first_entries.first_entry_id,
        work_orders_about.first_work_order_id,
        trips.unit_downtime_id,
        coalesce(alarms_during.alarm_count, 0) as alarm_count,
        {{ epoch_seconds('faults.ended_at') }} - {{ epoch_seconds('faults.started_at') }}
            as fault_seconds,
        quiet_rates.alarms_per_second,
        alarms_during.first_alarm_at,
        first_entries.first_entry_at,
        work_orders_about.first_work_order_at,
        least(
            alarms_during.first_alarm_at,
            first_entries.first_entry_at,
            work_orders_about.first_work_order_at
        ) as detected_at
    from faults
    left join alarms_during
        on faults.fault_id = alarms_during.fault_id
    left join first_entries
        on faults.fault_id = first_entries.fault_id
    left join work_orders_about
        on faults.fault_id = work_orders_about.fault_id
    left join trips
        on faults.fault_id = trips.fault_id
    left join quiet_rates
        on faults.unit_id = quiet_rates.unit_id

),

final as (

    select
        fault_id,
        org_id,
        unit_id,
        first_alarm_episode_id,
        first_entry_id,
        first_work_order_id,
        unit_downtime_id,

        fault_kind,
        description as fault_description,
        case
            when detected_at is null then 'none'
            when detected_at = first_alarm_at then 'alarm'
            when detected_at = first_entry_at then 'logbook'
            else 'work order'
        end as detected_by,

        magnitude,
        alarm_count,
        {{ as_rate('alarms_per_second * fault_seconds') }} as chance_alarm_count,
        fault_seconds,
        {{ epoch_seconds('first_alarm_at') }} - {{ epoch_seconds('started_at') }}
            as seconds_to_first_alarm,
        {{ epoch_seconds('first_entry_at') }} - {{ epoch_seconds('started_at') }}
            as seconds_to_first_entry,
        {{ epoch_seconds('first_work_order_at') }} - {{ epoch_seconds('started_at') }}
            as seconds_to_first_work_order,
        {{ epoch_seconds('detected_at') }} - {{ epoch_seconds('started_at') }}
            as detection_delay_seconds,

        detected_at is not null as is_detected,
        unit_downtime_id is not null as has_tripped_the_unit,

        started_at,
        ended_at,
        detected_at,
        first_alarm_at,
        first_entry_at,
        first_work_order_at
    from joined

)

select * from final
