with

stock_movements as (

    select * from {{ ref('stg_wms__stock_movements') }}

),

warehouses as (

    select * from {{ ref('stg_wms__warehouses') }}

),

cost_intervals as (

    select * from {{ ref('int_product_cost_intervals') }}

),

final as (

    select
        stock_movements.movement_id,
        stock_movements.product_id,
        stock_movements.warehouse_id,

        warehouses.country_code,
        stock_movements.movement_type,

        stock_movements.quantity,
        cast(stock_movements.quantity * cost_intervals.unit_cost as {{ type_money() }})
            as cost_amount_eur,

        stock_movements.moved_on
    from stock_movements
    inner join warehouses
        on stock_movements.warehouse_id = warehouses.warehouse_id
    left join cost_intervals
        on
            stock_movements.product_id = cost_intervals.product_id
            and stock_movements.moved_on >= cost_intervals.effective_from
            and (
                cost_intervals.effective_to is null
                or stock_movements.moved_on < cost_intervals.effective_to
            )

)

select * from final
