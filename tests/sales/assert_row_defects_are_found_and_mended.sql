{#-
    A returned row is a defect that was put in and overlooked, or that could be mended and was not mended to the truth, or
    something that the warehouse took for a defect although nothing was put in.
-#}
select
    row_defect_key,
    outcome,
    true_value,
    staged_value
from {{ ref('fct_row_defects') }}
where
    outcome = 'overlooked'
    or not is_injected
    or (
        is_repairable
        and found_by = 'staging'
        and (staged_value is null or staged_value <> true_value)
    )
