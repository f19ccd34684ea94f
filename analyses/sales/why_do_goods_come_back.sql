-- Why do goods come back?
-- Answer: one row per reason: returns, mean days after delivery, and credit in euros.
-- Look for: changed minds and wrong sizes come first.

with

goods_back as (

    select * from {{ ref('fct_returns') }}

)

select
    return_reason,
    count(*) as return_count,
    cast(avg(days_from_delivery * 1.0) as decimal(8, 1)) as mean_days_from_delivery,
    sum(credited_amount_eur) as credited_amount_eur
from goods_back
group by return_reason
order by return_count desc
