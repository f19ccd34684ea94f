-- One row per table, kind of defect and what becomes of it: how many rows of the sales sources were
-- spoilt so, and how many are found without the answer key; null for what is not looked for.
select
    table_name,
    replace(defect_kind, '_', ' ') as defect,
    count(case when is_injected then 1 end) as injected,
    case when outcome <> 'of no matter' then count(case when is_found then 1 end) end as found,
    outcome
from sales.fct_row_defects
group by table_name, defect, outcome
order by table_name asc, injected desc, defect asc, outcome asc
