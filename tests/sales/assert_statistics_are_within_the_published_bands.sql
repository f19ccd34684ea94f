{#-
    A returned row is a binding fact of the scorecard outside of its band. Shares of counts may
    leave the band by 4.5 standard errors of a binomial sample.
-#}
with

scorecard as (

    select * from {{ ref('fct_realism_scorecard') }}

)

select
    fact_id,
    measured_value,
    low,
    high
from scorecard
where
    is_binding
    and not is_inside
