-- One row per process model: its loops and loop-days, the share of time under automatic control,
-- and the error that they leave, weighted by the time under control.
select
    replace(units.process_model, '_', ' ') as process,
    count(distinct loops.loop_id) as loops,
    count(*) as loop_days,
    sum(loops.automatic_seconds + loops.cascade_seconds)
    / nullif(sum(loops.covered_seconds - loops.standing_seconds), 0) as automatic_share,
    sqrt(
        sum(loops.controlled_seconds * loops.rms_error_percent * loops.rms_error_percent)
        / nullif(
            sum(case when loops.rms_error_percent is not null then loops.controlled_seconds end), 0
        )
    ) as rms_error_percent,
    count(case when loops.verdict = 'holds its set point' then 1 end) / count(*) as good_share
from chemical.fct_control_loop_performance as loops
inner join chemical.dim_units as units
    on loops.unit_id = units.unit_id
group by process
order by loops desc, process asc
