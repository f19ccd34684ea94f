with

orders as (

    select * from {{ ref('fct_orders') }}

),

fulfilments as (

    select * from {{ ref('int_order_fulfilments') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

settlements as (

    select
        order_id,
        min(case when is_settled then 1 else 0 end) as is_settled,
        max(settled_date) as settled_date
    from invoices
    where invoice_type = 'invoice'
    group by order_id

),

-- What waits for stock is invoiced later: cash is in when nothing is left to invoice.
cash_dates as (

    select
        orders.order_id,
        settlements.settled_date
    from orders
    inner join settlements
        on orders.order_id = settlements.order_id
    where
        orders.order_status = 'completed'
        and settlements.is_settled = 1

),

final as (

    select
        orders.order_id,
        orders.customer_id,

        orders.country_code,
        orders.order_status,

        orders.line_count,
        fulfilments.shipped_line_count,
        fulfilments.shipment_count,
        fulfilments.delivery_count,
        fulfilments.invoice_count,
        cast(
            {{ dbt.datediff(
                'orders.ordered_at', 'fulfilments.last_shipped_at', 'day'
            ) }} as {{ dbt.type_int() }}
        ) as days_to_ship,
        cast(
            {{ dbt.datediff(
                'orders.ordered_at', 'fulfilments.last_delivered_at', 'day'
            ) }} as {{ dbt.type_int() }}
        ) as days_to_deliver,
        cast(
            {{ dbt.datediff(
                'orders.order_date', 'cash_dates.settled_date', 'day'
            ) }} as {{ dbt.type_int() }}
        ) as days_to_cash,

        fulfilments.is_back_ordered,
        fulfilments.first_returned_at is not null as has_return,

        orders.order_date,
        cash_dates.settled_date,

        orders.ordered_at,
        fulfilments.confirmed_at,
        fulfilments.cancelled_at,
        fulfilments.first_shipped_at,
        fulfilments.last_shipped_at,
        fulfilments.last_delivered_at,
        fulfilments.first_invoiced_at,
        fulfilments.first_returned_at
    from orders
    inner join fulfilments
        on orders.order_id = fulfilments.order_id
    left join cash_dates
        on orders.order_id = cash_dates.order_id

)

select * from final
