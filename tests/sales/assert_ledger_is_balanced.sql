{#-
    A returned row is a day, entity and currency whose debits are not its credits.
-#}
with

general_ledger as (

    select * from {{ ref('fct_general_ledger') }}

)

select
    posting_date,
    country_code,
    currency_code,
    sum(debit_amount) as debit_amount,
    sum(credit_amount) as credit_amount
from general_ledger
group by posting_date, country_code, currency_code
having sum(debit_amount) <> sum(credit_amount)
