{#-
    A returned row is a console whose months count more or fewer annunciations than its episodes, or a month of it in which a
    figure is missing.
-#}
with

months as (

    select
        org_id,
        console_code,
        month_date,
        count(*) as figure_count,
        max(annunciation_count) as annunciation_count
    from {{ ref('fct_alarm_performance') }}
    group by org_id, console_code, month_date

),

targets as (

    select count(*) as figure_count
    from {{ ref('alarm_performance_targets') }}

),

consoles as (

    select
        months.org_id,
        months.console_code,
        sum(months.annunciation_count) as annunciation_count,
        sum(case when months.figure_count <> targets.figure_count then 1 else 0 end)
            as incomplete_month_count
    from months
    cross join targets
    group by months.org_id, months.console_code

),

episodes as (

    select
        org_id,
        console_code,
        sum(annunciation_count) as annunciation_count
    from {{ ref('fct_alarms') }}
    group by org_id, console_code

)

select
    coalesce(consoles.org_id, episodes.org_id) as org_id,
    coalesce(consoles.console_code, episodes.console_code) as console_code,
    consoles.annunciation_count,
    episodes.annunciation_count as episode_annunciation_count
from consoles
full outer join episodes
    on
        consoles.org_id = episodes.org_id
        and consoles.console_code = episodes.console_code
where
    coalesce(consoles.annunciation_count, 0) <> coalesce(episodes.annunciation_count, 0)
    or consoles.incomplete_month_count > 0
