-- One row per scope on which facts were observed: how many there are, and how many are inside.
select
    scope,
    count(*) as facts,
    count(case when is_inside then 1 end) as inside,
    count(case when is_binding then 1 end) as binding
from sales.fct_realism_scorecard
group by scope
order by facts desc, scope asc
