{#-
    A returned row is a currency and account whose balance in the ledger is not that of the
    documents behind it: net and tax of invoices, payments, stock movements at cost.
-#}
with

general_ledger as (

    select * from {{ ref('fct_general_ledger') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

stock_movements as (

    select * from {{ ref('int_stock_movements_at_cost') }}

),

balances as (

    select
        currency_code,
        account_name,
        sum(debit_amount - credit_amount) as balance
    from general_ledger
    where account_name in ('revenue', 'sales_tax', 'cash', 'inventory')
    group by currency_code, account_name

),

documents as (

    select
        currency_code,
        'revenue' as account_name,
        -sum(net_amount) as balance
    from invoices
    group by currency_code
    union all
    select
        currency_code,
        'sales_tax' as account_name,
        -sum(tax_amount) as balance
    from invoices
    group by currency_code
    union all
    select
        currency_code,
        'cash' as account_name,
        sum(paid_amount) as balance
    from payments
    group by currency_code
    union all
    select
        'EUR' as currency_code,
        'inventory' as account_name,
        sum(cost_amount_eur) as balance
    from stock_movements

)

select
    coalesce(balances.currency_code, documents.currency_code) as currency_code,
    coalesce(balances.account_name, documents.account_name) as account_name,
    balances.balance,
    documents.balance as balance_of_documents
from balances
full outer join documents
    on
        balances.currency_code = documents.currency_code
        and balances.account_name = documents.account_name
where
    balances.currency_code is null
    or documents.currency_code is null
    or balances.balance <> documents.balance
