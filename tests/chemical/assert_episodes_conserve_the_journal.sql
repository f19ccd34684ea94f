{#-
    A returned row is an alarm whose episodes hold more or fewer activations, annunciations or clearings than the journal.
-#}
with

journal as (

    select
        alarm_id,
        sum(case when transition = 'ALM' then 1 else 0 end) as activation_count,
        sum(case when is_annunciated then 1 else 0 end) as annunciation_count,
        sum(case when transition = 'RTN' then 1 else 0 end) as clearing_count
    from {{ ref('stg_alarm__events') }}
    group by alarm_id

),

episodes as (

    select
        alarm_id,
        count(*) as activation_count,
        sum(annunciation_count) as annunciation_count,
        sum(case when is_active then 0 else 1 end) as clearing_count
    from {{ ref('fct_alarms') }}
    group by alarm_id

)

select
    coalesce(journal.alarm_id, episodes.alarm_id) as alarm_id,
    journal.activation_count,
    episodes.activation_count as episode_count
from journal
full outer join episodes
    on journal.alarm_id = episodes.alarm_id
where
    coalesce(journal.activation_count, 0) <> coalesce(episodes.activation_count, 0)
    or coalesce(journal.annunciation_count, 0) <> coalesce(episodes.annunciation_count, 0)
    or coalesce(journal.clearing_count, 0) <> coalesce(episodes.clearing_count, 0)
