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

    {% for row_kind, relation in [
        ('order_lines', 'order_lines'),
        ('order_events', 'order_events'),
        ('shipments', 'shipments'),
        ('shipment_lines', 'shipment_lines'),
        ('stock_movements', 'stock_movements'),
        ('invoices_and_credit_notes', 'invoices'),
        ('payment_allocations', 'payment_allocations'),
        ('returns', 'returns_taken'),
        ('return_lines', 'return_lines'),
    ] -%}
    select
        '{{ row_kind }}' as row_kind,
        count(*) as row_count
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}

),

order_count as (

    select count(*) as order_count
    from orders

),

final as (

    select
        'rows_per_order' as statistic,
        row_counts.row_kind as subject,
        cast(row_counts.row_count as {{ type_double() }}) / order_count.order_count
            as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from row_counts
    cross join order_count
    union all
    select
        'share_of_orders_delivered' as statistic,
        'all' as subject,
        avg(
            cast(
                case
                    when
                        orders.delivery_count > 0
                        and orders.delivery_count = orders.shipment_count
                        then 1
                    else 0
                end as {{ type_double() }}
            )
        ) as statistic_value,
        count(*) as sample_size
    from orders
    cross join horizon
    where {{ dbt.datediff('orders.order_date', 'horizon.as_of_date', 'day') }} > 60
    union all
    select
        'shrink_as_a_share_of_receipts' as statistic,
        'all' as subject,
        cast(
            -sum(case when movement_type = 'adjustment' then quantity else 0 end)
            as {{ type_double() }}
        ) / nullif(sum(case when movement_type = 'receipt' then quantity else 0 end), 0)
            as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from stock_movements

)

select * from final
