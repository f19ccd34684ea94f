-- One row per figure of ISA-18.2 or EEMUA 191: its target, and the consoles by their verdict.
select
    statement,
    unit,
    standard,
    comparison,
    max(target_value) as target_value,
    median(measured_value) as median_value,
    max(measured_value) as highest_value,
    count(case when verdict = 'within target' then 1 end) as within_target,
    count(case when verdict = 'within limit' then 1 end) as within_limit,
    count(case when verdict = 'beyond' then 1 end) as beyond,
    count(case when verdict not in ('within target', 'within limit', 'beyond') then 1 end)
        as not_judged
from chemical.fct_alarm_performance
group by figure, statement, unit, standard, comparison
order by beyond desc, within_limit desc, statement asc
