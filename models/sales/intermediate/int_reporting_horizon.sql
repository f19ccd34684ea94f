with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

last_dates as (

    select max(order_date) as last_date
    from orders
    union all
    select max(invoice_date) as last_date
    from invoices
    union all
    select max(received_date) as last_date
    from payments

),

final as (

    select max(last_date) as as_of_date
    from last_dates

)

select * from final
