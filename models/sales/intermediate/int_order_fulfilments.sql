{#-
    A table: every mart of orders and several tests read it, each of which would add up all events.
-#}
{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_events as (

    select * from {{ ref('stg_oms__order_events') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

events_per_order as (

    select
        order_id,
        max(case when event_type = 'confirmed' then occurred_at end) as confirmed_at,
        max(case when event_type = 'cancelled' then occurred_at end) as cancelled_at,
        max(case when event_type = 'back_ordered' then occurred_at end) as back_ordered_at,
        min(case when event_type = 'shipped' then occurred_at end) as first_shipped_at,
        max(case when event_type = 'shipped' then occurred_at end) as last_shipped_at,
        max(case when event_type = 'delivered' then occurred_at end) as last_delivered_at,
        min(case when event_type = 'returned' then occurred_at end) as first_returned_at,
        cast(sum(case when event_type = 'shipped' then 1 else 0 end) as {{ dbt.type_int() }})
            as shipment_count,
        cast(sum(case when event_type = 'delivered' then 1 else 0 end) as {{ dbt.type_int() }})
            as delivery_count
    from order_events
    group by order_id

),

shipped_lines as (

    select
        order_id,
        cast(count(distinct line_no) as {{ dbt.type_int() }}) as shipped_line_count
    from shipment_lines
    group by order_id

),

invoices_per_order as (

    select
        order_id,
        cast(sum(case when invoice_type = 'invoice' then 1 else 0 end) as {{ dbt.type_int() }})
            as invoice_count,
        min(case when invoice_type = 'invoice' then invoiced_at end) as first_invoiced_at,
        max(case when invoice_type = 'invoice' then invoiced_at end) as last_invoiced_at
    from invoices
    group by order_id

),

final as (

    select
        orders.order_id,

        case
            when events_per_order.cancelled_at is not null then 'cancelled'
            when
                coalesce(shipped_lines.shipped_line_count, 0) = orders.line_count
                and coalesce(invoices_per_order.invoice_count, 0) = events_per_order.shipment_count
                then 'completed'
            when coalesce(events_per_order.shipment_count, 0) > 0 then 'partly_shipped'
            else 'open'
        end as order_status,

        coalesce(events_per_order.shipment_count, 0) as shipment_count,
        coalesce(events_per_order.delivery_count, 0) as delivery_count,
        coalesce(shipped_lines.shipped_line_count, 0) as shipped_line_count,
        coalesce(invoices_per_order.invoice_count, 0) as invoice_count,

        events_per_order.cancelled_at is not null as is_cancelled,
        events_per_order.back_ordered_at is not null as is_back_ordered,

        events_per_order.confirmed_at,
        events_per_order.cancelled_at,
        events_per_order.first_shipped_at,
        events_per_order.last_shipped_at,
        events_per_order.last_delivered_at,
        invoices_per_order.first_invoiced_at,
        invoices_per_order.last_invoiced_at,
        events_per_order.first_returned_at
    from orders
    left join events_per_order
        on orders.order_id = events_per_order.order_id
    left join shipped_lines
        on orders.order_id = shipped_lines.order_id
    left join invoices_per_order
        on orders.order_id = invoices_per_order.order_id

)

select * from final
