-- One row per process model and verdict on a loop's day.
select
    replace(units.process_model, '_', ' ') as process,
    loops.verdict,
    count(*) as loop_days
from chemical.fct_control_loop_performance as loops
inner join chemical.dim_units as units
    on loops.unit_id = units.unit_id
group by process, loops.verdict
order by process asc, loops.verdict asc
