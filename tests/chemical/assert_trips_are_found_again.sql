{#-
    A returned row is a trip of the answer key that is no downtime of its unit from its second to its second, or a downtime by a
    trip that never was. A trip in the last minute of the history was seen by no scan.
-#}
with

histories as (

    select * from {{ ref('int_unit_histories') }}

),

trips as (

    select
        trips.trip_id,
        trips.unit_id,
        trips.tripped_at,
        case
            when trips.restarted_at < histories.history_ends_at - interval '1 minute'
                then trips.restarted_at
        end as restarted_at
    from {{ ref('stg_truth__trips') }} as trips
    inner join histories
        on trips.unit_id = histories.unit_id
    where trips.tripped_at < histories.history_ends_at - interval '1 minute'

),

downtimes as (

    select * from {{ ref('fct_unit_downtime') }}
    where downtime_kind = 'trip'

)

select
    trips.trip_id,
    downtimes.unit_downtime_id,
    trips.tripped_at,
    downtimes.started_at,
    trips.restarted_at,
    downtimes.ended_at
from trips
full outer join downtimes
    on
        trips.unit_id = downtimes.unit_id
        and trips.tripped_at = downtimes.started_at
where
    trips.trip_id is null
    or downtimes.unit_downtime_id is null
    or trips.restarted_at <> downtimes.ended_at
    or (trips.restarted_at is not null and downtimes.ended_at is null)
