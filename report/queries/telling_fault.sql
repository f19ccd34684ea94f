-- The fault to tell: one that an alarm found first and the logbook mentions later, with more alarms
-- than come by chance; of these one that passed a limit, some half an hour after its onset.
select
    faults.fault_id,
    faults.unit_id,
    faults.fault_kind,
    faults.fault_description,
    faults.started_at,
    faults.ended_at,
    faults.first_entry_at,
    faults.first_work_order_at,
    faults.alarm_count,
    faults.first_alarm_episode_id,
    units.unit_name,
    units.org_name,
    units.process_model,
    alarms.tag_id,
    alarms.annunciated_at,
    alarms.acknowledged_at,
    alarms.cleared_at,
    alarms.condition,
    alarms.priority,
    alarms.limit_value,
    alarms.raised_value,
    tags.tag_name,
    tags.tag_description,
    tags.unit_of_measure,
    entries.entry_text,
    orders.title as work_title
from chemical.fct_fault_episodes as faults
inner join chemical.dim_units as units
    on faults.unit_id = units.unit_id
inner join chemical.fct_alarms as alarms
    on faults.first_alarm_episode_id = alarms.alarm_episode_id
inner join chemical.dim_tags as tags
    on alarms.tag_id = tags.tag_id
inner join chemical.fct_logbook_entries as entries
    on faults.first_entry_id = entries.entry_id
left join chemical.fct_work_orders as orders
    on faults.first_work_order_id = orders.work_order_id
where
    faults.detected_by = 'alarm'
    and faults.first_entry_at > faults.first_alarm_at
    and faults.alarm_count > faults.chance_alarm_count
order by
    alarms.limit_value is null asc,
    abs(faults.seconds_to_first_alarm - 1800) asc,
    faults.first_work_order_id is null asc,
    faults.fault_id asc
limit 1
