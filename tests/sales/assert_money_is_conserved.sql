{#-
    A returned row is a currency in which what was invoiced is not what was paid plus what is
    open, or in which invoices, payments and the mart of invoices disagree.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

invoice_facts as (

    select * from {{ ref('fct_invoices') }}

),

invoiced as (

    select
        currency_code,
        sum(gross_amount) as gross_amount
    from invoices
    group by currency_code

),

paid as (

    select
        currency_code,
        sum(paid_amount) as paid_amount
    from payments
    group by currency_code

),

settled as (

    select
        currency_code,
        sum(gross_amount) as gross_amount,
        sum(paid_amount) as paid_amount,
        sum(open_amount) as open_amount
    from invoice_facts
    group by currency_code

)

select
    invoiced.currency_code,
    invoiced.gross_amount,
    paid.paid_amount,
    settled.open_amount
from invoiced
left join paid
    on invoiced.currency_code = paid.currency_code
left join settled
    on invoiced.currency_code = settled.currency_code
where
    settled.currency_code is null
    or invoiced.gross_amount <> settled.gross_amount
    or coalesce(paid.paid_amount, 0) <> settled.paid_amount
    or invoiced.gross_amount <> coalesce(paid.paid_amount, 0) + settled.open_amount
