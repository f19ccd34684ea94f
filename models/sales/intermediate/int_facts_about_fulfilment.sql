with

orders as (

    select * from {{ ref('fct_order_fulfilment') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

order_events as (

    select * from {{ ref('stg_oms__order_events') }}

),

shipments as (

    select * from {{ ref('fct_shipments') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

stock_movements as (

    select * from {{ ref('stg_wms__stock_movements') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

returns_taken as (

    select * from {{ ref('fct_returns') }}

),

return_lines as (

    select * from {{ ref('stg_rma__return_lines') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

row_counts as (

    select
        'order_lines' as row_kind,
        count(*) as row_count
    from order_lines
    union all
    select
        'order_events' as row_kind,
        count(*) as row_count
    from order_events
    union all
    select
        'shipments' as row_kind,
        count(*) as row_count
    from shipments
    union all
    select
        'shipment_lines' as row_kind,
        count(*) as row_count
    from shipment_lines
    union all
    select
        'stock_movements' as row_kind,
        count(*) as row_count
    from stock_movements
    union all
    select
        'invoices_and_credit_notes' as row_kind,
        count(*) as row_count
    from invoices
    union all
    select
        'payment_allocations' as row_kind,
        count(*) as row_count
    from payment_allocations
    union all
    select
        'returns' as row_kind,
        count(*) as row_count
    from returns_taken
    union all
    select
        'return_lines' as row_kind,
        count(*) as row_count
    from return_lines

),

order_count as (

    select count(*) as order_count
    from orders

),

flags as (

    select
        'share_of_orders_delivered' as statistic,
        'all' as subject,
        case
            when
                orders.delivery_count > 0 and orders.delivery_count = orders.shipment_count
                then 1
            else 0
        end as flag
    from orders
    cross join horizon
    where {{ dbt.datediff('orders.order_date', 'horizon.as_of_date', 'day') }} > 60
    union all
    select
        'share_of_documents_that_are_credit_notes' as statistic,
        'all' as subject,
        case when invoice_type = 'credit_note' then 1 else 0 end as flag
    from invoices
    union all
    select
        'share_of_returned_lines_in_full_quantity' as statistic,
        'all' as subject,
        case when return_lines.quantity = order_lines.quantity then 1 else 0 end as flag
    from return_lines
    inner join order_lines
        on
            return_lines.order_id = order_lines.order_id
            and return_lines.line_no = order_lines.line_no
    where order_lines.quantity > 2

),

shares as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        4.5 * sqrt(
            avg(cast(flag as {{ type_double() }}))
            * (1 - avg(cast(flag as {{ type_double() }})))
            / count(*)
        ) as tolerance
    from flags
    group by statistic, subject

),

final as (

    select *
    from shares
    union all
    select
        'rows_per_order' as statistic,
        row_counts.row_kind as subject,
        cast(row_counts.row_count * 1.0 / order_count.order_count as {{ type_double() }})
            as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from row_counts
    cross join order_count
    union all
    select
        'median_days_from_delivery_to_return' as statistic,
        'all' as subject,
        cast(percentile_cont(0.5) within group (order by days_from_delivery) as {{ type_double() }})
            as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from returns_taken
    having count(*) >= 100
    union all
    select
        'ninetieth_percentile_of_days_from_delivery_to_return' as statistic,
        'all' as subject,
        cast(percentile_cont(0.9) within group (order by days_from_delivery) as {{ type_double() }})
            as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from returns_taken
    having count(*) >= 100
    union all
    select
        'shrink_as_a_share_of_receipts' as statistic,
        'all' as subject,
        cast(
            -sum(case when movement_type = 'adjustment' then quantity else 0 end) * 1.0
            / sum(
                case when movement_type = 'receipt' then quantity else 0 end
            ) as {{ type_double() }}
        ) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from stock_movements

)

select * from final
