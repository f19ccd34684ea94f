-- Does the ledger balance, and what are the balances?
-- Answer: one row per currency and account: debits, credits and the balance.
-- Look for: debits equal credits in every currency.

with

ledger as (

    select * from {{ ref('fct_general_ledger') }}

)

select
    currency_code,
    account_name,
    sum(debit_amount) as debit_amount,
    sum(credit_amount) as credit_amount,
    sum(debit_amount) - sum(credit_amount) as balance
from ledger
group by currency_code, account_name
order by
    currency_code asc,
    account_name asc
