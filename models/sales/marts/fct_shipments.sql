with

shipments as (

    select * from {{ ref('stg_wms__shipments') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_events as (

    select * from {{ ref('stg_oms__order_events') }}

),

lines_per_shipment as (

    select
        shipment_id,
        cast(count(*) as {{ dbt.type_int() }}) as line_count,
        cast(sum(quantity) as {{ dbt.type_int() }}) as unit_count
    from shipment_lines
    group by shipment_id

),

deliveries as (

    select
        shipment_id,
        event_date as delivered_on,
        occurred_at as delivered_at
    from order_events
    where event_type = 'delivered'

),

final as (

    select
        shipments.shipment_id,
        shipments.order_id,
        orders.customer_id,
        shipments.warehouse_id,

        orders.country_code,
        shipments.carrier_name,

        lines_per_shipment.line_count,
        lines_per_shipment.unit_count,
        cast(
            {{ dbt.datediff(
                'shipments.shipped_on', 'deliveries.delivered_on', 'day'
            ) }} as {{ dbt.type_int() }}
        )
            as transit_days,
        cast(
            {{ dbt.datediff(
                'shipments.promised_on', 'deliveries.delivered_on', 'day'
            ) }} as {{ dbt.type_int() }}
        )
            as days_from_promise,

        deliveries.delivered_on is not null as is_delivered,
        coalesce(deliveries.delivered_on > shipments.promised_on, false) as is_late,

        shipments.promised_on,
        shipments.shipped_on,
        deliveries.delivered_on,

        shipments.shipped_at,
        deliveries.delivered_at
    from shipments
    inner join orders
        on shipments.order_id = orders.order_id
    inner join lines_per_shipment
        on shipments.shipment_id = lines_per_shipment.shipment_id
    left join deliveries
        on shipments.shipment_id = deliveries.shipment_id

)

select * from final
