with

returned as (

    select * from {{ ref('stg_rma__returns') }}

),

return_lines as (

    select * from {{ ref('stg_rma__return_lines') }}

),

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

shipments as (

    select * from {{ ref('fct_shipments') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

lines_per_return as (

    select
        return_id,
        cast(count(*) as {{ dbt.type_int() }}) as line_count,
        cast(sum(quantity) as {{ dbt.type_int() }}) as unit_count,
        cast(
            sum(
                case when item_condition = 'damaged' then quantity else 0 end
            ) as {{ dbt.type_int() }}
        )
            as damaged_unit_count
    from return_lines
    group by return_id

),

credit_notes as (

    select *
    from invoices
    where invoice_type = 'credit_note'

),

final as (

    select
        returned.return_id,
        returned.order_id,
        returned.shipment_id,
        returned.customer_id,
        returned.warehouse_id,

        orders.country_code,
        orders.currency_code,
        returned.return_reason,

        lines_per_return.line_count,
        lines_per_return.unit_count,
        lines_per_return.damaged_unit_count,
        cast(
            {{ dbt.datediff(
                'shipments.delivered_on', 'returned.returned_on', 'day'
            ) }} as {{ dbt.type_int() }}
        )
            as days_from_delivery,
        cast(-credit_notes.gross_amount as {{ type_money() }}) as credited_amount,
        cast(-credit_notes.gross_amount_eur as {{ type_money() }}) as credited_amount_eur,
        cast(-credit_notes.paid_amount as {{ type_money() }}) as refunded_amount,

        credit_notes.invoice_id is not null as is_credited,

        returned.requested_on,
        returned.returned_on,
        credit_notes.invoice_date as credited_on
    from returned
    inner join orders
        on returned.order_id = orders.order_id
    inner join lines_per_return
        on returned.return_id = lines_per_return.return_id
    inner join shipments
        on returned.shipment_id = shipments.shipment_id
    left join credit_notes
        on returned.return_id = credit_notes.return_id

)

select * from final
