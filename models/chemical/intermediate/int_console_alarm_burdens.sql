with

alarms as (

    select
        *,
        cast(date_trunc('month', raised_at) as date) as month_date
    from {{ ref('fct_alarms') }}
    where is_annunciated

),

console_days as (

    select * from {{ ref('int_console_days') }}

),

per_alarm as (

    select
        org_id,
        plant_id,
        month_date,
        alarm_id,
        sum(annunciation_count) as annunciation_count,
        max(case when is_chattering then 1 else 0 end) as is_chattering,
        max(case when is_fleeting then 1 else 0 end) as is_fleeting
    from alarms
    group by org_id, plant_id, month_date, alarm_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by plant_id, month_date order by annunciation_count desc, alarm_id asc
        ) as place
    from per_alarm

),

alarm_months as (

    select
        plant_id,
        month_date,
        sum(case when place <= 10 then annunciation_count else 0 end) as top_ten_count,
        sum(is_chattering) as chattering_alarm_count,
        sum(is_fleeting) as fleeting_alarm_count
    from ranked
    group by plant_id, month_date

),

stale_days as (

    select
        console_days.plant_id,
        console_days.month_date,
        console_days.day_date,
        count(distinct alarms.alarm_id) as stale_alarm_count
    from console_days
    inner join alarms
        on
            console_days.plant_id = alarms.plant_id
            and cast(console_days.day_date as timestamp) + interval '1 day'
            > alarms.raised_at + interval '24 hours'
            and cast(console_days.day_date as timestamp) < alarms.active_until
    where alarms.is_stale
    group by console_days.plant_id, console_days.month_date, console_days.day_date

),

stale_months as (

    select
        plant_id,
        month_date,
        max(stale_alarm_count) as stale_alarm_count
    from stale_days
    group by plant_id, month_date

),

episode_months as (

    select
        plant_id,
        month_date,
        sum(annunciation_count) as annunciation_count,
        sum(case when priority = 'low' then annunciation_count else 0 end) as low_count,
        sum(case when priority = 'medium' then annunciation_count else 0 end) as medium_count,
        sum(case when priority = 'high' then annunciation_count else 0 end) as high_count,
        percentile_cont(0.5) within group (order by seconds_to_acknowledge)
            as median_seconds_to_acknowledge,
        percentile_cont(0.9) within group (order by seconds_to_acknowledge)
            as p90_seconds_to_acknowledge
    from alarms
    group by plant_id, month_date

),

months as (

    select distinct
        org_id,
        plant_id,
        month_date
    from console_days

),

final as (

    select
        {{ surrogate_key(['months.plant_id', 'months.month_date']) }} as console_month_key,
        months.org_id,
        months.plant_id,

        cast(coalesce(episode_months.annunciation_count, 0) as bigint) as annunciation_count,
        cast(coalesce(alarm_months.top_ten_count, 0) as bigint) as top_ten_count,
        cast(coalesce(alarm_months.chattering_alarm_count, 0) as bigint) as chattering_alarm_count,
        cast(coalesce(alarm_months.fleeting_alarm_count, 0) as bigint) as fleeting_alarm_count,
        cast(coalesce(stale_months.stale_alarm_count, 0) as bigint) as stale_alarm_count,
        cast(coalesce(episode_months.low_count, 0) as bigint) as low_count,
        cast(coalesce(episode_months.medium_count, 0) as bigint) as medium_count,
        cast(coalesce(episode_months.high_count, 0) as bigint) as high_count,
        episode_months.median_seconds_to_acknowledge,
        episode_months.p90_seconds_to_acknowledge,

        months.month_date
    from months
    left join episode_months
        on
            months.plant_id = episode_months.plant_id
            and months.month_date = episode_months.month_date
    left join alarm_months
        on
            months.plant_id = alarm_months.plant_id
            and months.month_date = alarm_months.month_date
    left join stale_months
        on
            months.plant_id = stale_months.plant_id
            and months.month_date = stale_months.month_date

)

select * from final
