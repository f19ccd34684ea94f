{#-
    A returned row is a condition that came or went by the readings and the limits, but not in the
    alarm journal, or the other way round, or with another value.

    Beyond its limit for the on delay, a condition has come; back behind limit and dead band for
    the off delay, it has gone. Late readings were never seen; bad ones move BADPV only.
-#}
with

limits as (

    select
        *,
        lead(valid_from) over (partition by tag_id, condition order by valid_from) as valid_to
    from {{ ref('stg_asset__tag_limits') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

journal as (

    select * from {{ ref('stg_alarm__events') }}
    where transition in ('ALM', 'RTN')

),

-- High limits as they are, low limits upside down: beyond is always above. A bad reading is above
-- the limit of BADPV, which is 0, as any other is below it.
watched as (

    select
        limits.tag_id,
        limits.condition,
        tags.resolution,
        case
            when limits.condition in ('PVHH', 'PVHI') then 1
            when limits.condition in ('PVLO', 'PVLL') then -1
            else 0
        end as direction,
        {{ steps_of('limits.limit_value', 'tags.resolution') }} as limit_steps,
        {{ steps_of('limits.deadband', 'tags.resolution') }} as deadband_steps,
        cast(limits.on_delay_seconds as bigint) * 1000000 as on_delay_microseconds,
        cast(limits.off_delay_seconds as bigint) * 1000000 as off_delay_microseconds,
        cast(limits.valid_from as timestamp) as valid_from,
        cast(limits.valid_to as timestamp) as valid_to
    from limits
    inner join tags
        on limits.tag_id = tags.tag_id

),

-- Of all readings: late ones make no hour less eventful. From the source itself, as below: DuckDB
-- would hold all rows of a CTE that is read twice.
tag_hours as (

    select
        tag_id,
        date_trunc('hour', measured_at) as hour_at,
        min(value) as minimum,
        max(value) as maximum,
        min(quality) as worst_quality
    from {{ source('historian', 'readings') }}
    where tag_id in (select limits.tag_id from limits)
    group by tag_id, date_trunc('hour', measured_at)

),

-- The greatest excess over the limit in an hour. Hours without a usable reading count for BADPV
-- only.
alarm_hours as (

    select
        watched.*,
        tag_hours.hour_at,
        case watched.direction
            when 1
                then
                    {{ steps_of('tag_hours.maximum', 'watched.resolution') }} - watched.limit_steps
            when -1
                then
                    watched.limit_steps - {{ steps_of('tag_hours.minimum', 'watched.resolution') }}
            when 0
                then case when tag_hours.worst_quality < 64 then 1 else 0 end
        end as excess_steps
    from watched
    inner join tag_hours
        on watched.tag_id = tag_hours.tag_id
    where watched.direction = 0 or tag_hours.maximum is not null

),

-- Nothing happens in an hour whose readings are all back, unless one of the two before it was
-- another: all delays are far below an hour.
eventful_hours as (

    select
        *,
        max(case when excess_steps > -deadband_steps then 1 else 0 end) over (
            partition by tag_id, condition order by hour_at
            rows between 2 preceding and current row
        ) as is_eventful
    from alarm_hours

),

excesses as (

    select
        eventful_hours.tag_id,
        eventful_hours.condition,
        readings.seq,
        readings.value,
        eventful_hours.deadband_steps,
        eventful_hours.on_delay_microseconds,
        eventful_hours.off_delay_microseconds,
        case
            when eventful_hours.direction <> 0
                then
                    eventful_hours.direction
                    * (
                        {{ steps_of('readings.value', 'eventful_hours.resolution') }}
                        - eventful_hours.limit_steps
                    )
            when readings.quality < 64 then 1
            else 0
        end as excess_steps,
        readings.measured_at
    from {{ source('historian', 'readings') }} as readings
    inner join ingest_files
        on readings.file_id = ingest_files.file_id
    inner join eventful_hours
        on
            readings.tag_id = eventful_hours.tag_id
            and date_trunc('hour', readings.measured_at) = eventful_hours.hour_at
    where
        not ingest_files.is_late
        and eventful_hours.is_eventful = 1
        and readings.measured_at >= eventful_hours.valid_from
        and (eventful_hours.valid_to is null or readings.measured_at < eventful_hours.valid_to)
        and (eventful_hours.direction = 0 or readings.quality >= 64)

),

-- 1 beyond the limit, -1 back, 0 in the dead band.
judged as (

    select
        *,
        case
            when excess_steps > 0 then 1
            when excess_steps <= -deadband_steps then -1
            else 0
        end as side
    from excesses

),

-- Readings that follow each other on one side are a run: both of their numbers go up by one.
numbered as (

    select
        *,
        row_number() over (partition by tag_id, condition order by measured_at, seq)
        - row_number() over (partition by tag_id, condition, side order by measured_at, seq)
            as run_number
    from judged

),

runs as (

    select
        *,
        min(measured_at) over (partition by tag_id, condition, side, run_number) as since
    from numbered

),

marks as (

    select
        *,
        case
            when
                side = 1
                and measured_at >= {{ add_microseconds('since', 'on_delay_microseconds') }}
                then 1
            when
                side = -1
                and measured_at >= {{ add_microseconds('since', 'off_delay_microseconds') }}
                then -1
            else 0
        end as mark
    from runs

),

states as (

    select
        *,
        coalesce(
            lag(mark) over (partition by tag_id, condition order by measured_at, seq), -1
        ) as previous_mark
    from marks
    where mark <> 0

),

derived as (

    select
        tag_id,
        condition,
        case mark when 1 then 'ALM' else 'RTN' end as transition,
        value,
        measured_at
    from states
    where mark <> previous_mark

)

select
    coalesce(derived.tag_id, journal.tag_id) as tag_id,
    coalesce(derived.condition, journal.condition) as condition,
    coalesce(derived.transition, journal.transition) as transition,
    derived.measured_at,
    journal.occurred_at
from derived
full outer join journal
    on
        derived.tag_id = journal.tag_id
        and derived.condition = journal.condition
        and derived.transition = journal.transition
        and derived.measured_at = journal.occurred_at
where
    derived.tag_id is null
    or journal.tag_id is null
    or (derived.value is null) <> (journal.value is null)
    or derived.value <> journal.value
