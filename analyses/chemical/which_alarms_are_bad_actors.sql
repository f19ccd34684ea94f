-- Which alarms are the bad actors?
-- Answer: one row per alarm, the twenty that sounded most: their share of the console's load, how
-- long they hold, and where the limit stands between the normal value and the end of the range.
-- Look for: a limit close to the normal value sounds without need; one with the normal value on
-- its wrong side stands for hours. Ten alarms make most of the load almost everywhere.

with

alarms as (

    select * from {{ ref('fct_alarms') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

per_alarm as (

    select
        org_id,
        console_code,
        alarm_id,
        max(tag_id) as tag_id,
        max(condition) as condition,
        max(priority) as priority,
        max(limit_value) as limit_value,
        sum(annunciation_count) as annunciation_count,
        sum(active_seconds) as active_seconds,
        sum(case when is_chattering then 1 else 0 end) as chattering_count,
        sum(case when is_fleeting then 1 else 0 end) as fleeting_count,
        sum(case when is_stale then 1 else 0 end) as stale_count
    from alarms
    where is_annunciated
    group by
        org_id,
        console_code,
        alarm_id

),

shares as (

    select
        *,
        100 * cast(annunciation_count as {{ type_double() }})
        / sum(annunciation_count) over (partition by org_id, console_code) as percent_of_console
    from per_alarm

)

select
    tags.org_name,
    shares.console_code,
    tags.unit_name,
    tags.tag_name,
    tags.tag_description,
    shares.condition,
    shares.priority,
    tags.normal_value,
    shares.limit_value,
    tags.unit_of_measure,
    shares.annunciation_count,
    cast(shares.percent_of_console as decimal(5, 1)) as percent_of_console,
    cast(shares.active_seconds / 3600.0 as decimal(10, 1)) as active_hours,
    shares.chattering_count,
    shares.fleeting_count,
    shares.stale_count
from shares
inner join tags
    on shares.tag_id = tags.tag_id
order by
    shares.annunciation_count desc,
    shares.active_seconds desc,
    tags.tag_name asc,
    shares.condition asc,
    tags.org_name asc
limit 20
