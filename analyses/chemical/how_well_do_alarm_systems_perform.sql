-- How well do the alarm systems perform by ISA-18.2 and EEMUA 191?
-- Answer: one row per console and month: its main figures, and how many of all figures are within
-- their target, within what is manageable, and beyond.
-- Look for: the mean rate alone says little. A console may be calm on average and yet have floods,
-- stale alarms or ten alarms that make most of the load. A week is too short to judge for good.

with

figures as (

    select * from {{ ref('fct_alarm_performance') }}

),

organizations as (

    select * from {{ ref('dim_organizations') }}

),

months as (

    select
        org_id,
        console_code,
        month_date,
        max(observed_day_count) as observed_day_count,
        max(annunciation_count) as annunciation_count,
        max(case when figure = 'alarms_per_day' then measured_value end) as alarms_per_day,
        max(case when figure = 'peak_per_10_minutes' then measured_value end)
            as peak_per_10_minutes,
        max(case when figure = 'percent_of_time_in_flood' then measured_value end)
            as percent_of_time_in_flood,
        max(case when figure = 'stale_alarms' then measured_value end) as stale_alarms,
        sum(case when verdict = 'within target' then 1 else 0 end) as within_target_count,
        sum(case when verdict = 'within limit' then 1 else 0 end) as within_limit_count,
        sum(case when verdict = 'beyond' then 1 else 0 end) as beyond_count
    from figures
    group by
        org_id,
        console_code,
        month_date

)

select
    organizations.org_name,
    months.console_code,
    months.month_date,
    months.observed_day_count,
    months.annunciation_count,
    cast(months.alarms_per_day as decimal(10, 2)) as alarms_per_day,
    cast(months.peak_per_10_minutes as decimal(6, 0)) as peak_per_10_minutes,
    cast(months.percent_of_time_in_flood as decimal(6, 2)) as percent_of_time_in_flood,
    cast(months.stale_alarms as decimal(6, 0)) as stale_alarms,
    months.within_target_count,
    months.within_limit_count,
    months.beyond_count
from months
inner join organizations
    on months.org_id = organizations.org_id
order by
    months.beyond_count desc,
    months.annunciation_count desc,
    organizations.org_name asc,
    months.console_code asc
