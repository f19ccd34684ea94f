-- One row per month end and age of the debt: what is open, in euros at the rate of the document.
with

receivables as (

    select
        month_end_date,
        open_amount_eur / nullif(open_amount, 0) as rate,
        not_due_amount,
        overdue_1_to_30_amount,
        overdue_31_to_60_amount,
        overdue_61_to_90_amount,
        overdue_over_90_amount
    from sales.fct_receivables_aging

),

ages as (

    unpivot receivables
    on
    not_due_amount as 'not due',
    overdue_1_to_30_amount as '1 to 30 days',
    overdue_31_to_60_amount as '31 to 60 days',
    overdue_61_to_90_amount as '61 to 90 days',
    overdue_over_90_amount as 'over 90 days'
    into name age value amount

)

select
    cast(date_trunc('month', month_end_date) as timestamp) as month,
    age,
    cast(sum(amount * rate) as double) as open_eur
from ages
group by month, age
order by month asc, age asc
