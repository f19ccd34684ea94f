-- How old are receivables, month by month?
-- Answer: one row per month end: what is open in euros, and the share of it that is overdue.
-- Look for: receivables grow with sales; the overdue share grows as well, since the one invoice in
-- a hundred that is never paid is not written off.

with

receivables as (

    select * from {{ ref('fct_receivables_aging') }}

)

select
    month_end_date,
    sum(open_amount_eur) as open_amount_eur,
    count(*) as customer_count,
    cast(
        100 * sum(open_amount_eur * (1 - not_due_amount / nullif(open_amount, 0)))
        / sum(open_amount_eur) as decimal(5, 1)
    ) as percent_overdue
from receivables
group by month_end_date
order by month_end_date asc
