-- One row per published fact: the measured value against its band.
select
    fact_id,
    statement,
    scope,
    measured_value,
    low,
    high,
    tolerance,
    unit,
    is_inside,
    is_binding,
    source
from sales.fct_realism_scorecard
order by
    is_inside asc,
    is_binding desc,
    try_cast(regexp_extract(fact_id, '^[0-9]+') as integer) asc,
    fact_id asc
