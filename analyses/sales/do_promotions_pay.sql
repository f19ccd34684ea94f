-- Do promotions lift what they reduce?
-- Answer: one row per kind of promotion: promotions, what they sold and cost, and the lift that
-- went in.
-- Look for: the deeper the cut, the higher the lift; the cost is the discount on what would have
-- been sold anyway.

with

results as (

    select * from {{ ref('fct_promotion_results') }}

)

select
    promotion_type,
    count(*) as promotion_count,
    cast(100 * avg(discount_rate) as decimal(5, 1)) as mean_percent_off,
    sum(line_count) as line_count,
    sum(net_amount_eur) as net_amount_eur,
    sum(discount_amount_eur) as discount_amount_eur,
    cast(avg(measured_lift) as decimal(8, 2)) as mean_measured_lift,
    cast(avg(true_lift) as decimal(8, 2)) as mean_true_lift
from results
group by promotion_type
order by promotion_type asc
