{#-
    A returned row is a currency in which the last month end's receivables by age, the open
    invoices and the balance of the receivables account disagree, or buckets that do not add up.
-#}
with

receivables as (

    select * from {{ ref('fct_receivables_aging') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

general_ledger as (

    select * from {{ ref('fct_general_ledger') }}

),

last_month_end as (

    select max(month_end_date) as month_end_date
    from receivables

),

balances as (

    select
        receivables.currency_code,
        'ageing' as origin,
        sum(receivables.open_amount) as open_amount
    from receivables
    inner join last_month_end
        on receivables.month_end_date = last_month_end.month_end_date
    group by receivables.currency_code
    union all
    select
        currency_code,
        'invoices' as origin,
        sum(open_amount) as open_amount
    from invoices
    group by currency_code
    union all
    select
        currency_code,
        'ledger' as origin,
        sum(debit_amount - credit_amount) as open_amount
    from general_ledger
    where account_name = 'accounts_receivable'
    group by currency_code

),

differences as (

    select
        currency_code,
        'balances' as difference
    from balances
    where open_amount <> 0
    group by currency_code
    having
        count(*) <> 3
        or min(open_amount) <> max(open_amount)
    union all
    select
        receivables_aging_key as currency_code,
        'buckets' as difference
    from receivables
    where
        not_due_amount + overdue_1_to_30_amount + overdue_31_to_60_amount + overdue_61_to_90_amount
        + overdue_over_90_amount <> open_amount

)

select *
from differences
