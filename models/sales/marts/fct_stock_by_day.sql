with

stock_movements as (

    select * from {{ ref('stg_wms__stock_movements') }}

),

moves_per_day as (

    select
        product_id,
        warehouse_id,
        moved_on,
        cast(
            sum(
                case when movement_type = 'receipt' then quantity else 0 end
            ) as {{ dbt.type_int() }}
        )
            as received_quantity,
        cast(sum(case when movement_type = 'pick' then quantity else 0 end) as {{ dbt.type_int() }})
            as picked_quantity,
        cast(
            sum(case when movement_type = 'return' then quantity else 0 end) as {{ dbt.type_int() }}
        )
            as returned_quantity,
        cast(
            sum(
                case when movement_type = 'disposal' then quantity else 0 end
            ) as {{ dbt.type_int() }}
        )
            as disposed_quantity,
        cast(
            sum(
                case when movement_type = 'adjustment' then quantity else 0 end
            ) as {{ dbt.type_int() }}
        )
            as adjusted_quantity,
        cast(sum(quantity) as {{ dbt.type_int() }}) as net_quantity
    from stock_movements
    group by product_id, warehouse_id, moved_on

),

balances as (

    select
        *,
        cast(
            sum(net_quantity) over (
                partition by product_id, warehouse_id
                order by moved_on
                rows between unbounded preceding and current row
            ) as {{ dbt.type_int() }}
        ) as closing_quantity,
        lead(moved_on) over (
            partition by product_id, warehouse_id
            order by moved_on
        ) as next_moved_on
    from moves_per_day

),

final as (

    select
        {{ surrogate_key(['product_id', 'warehouse_id', 'moved_on']) }} as stock_by_day_key,
        product_id,
        warehouse_id,

        closing_quantity - net_quantity as opening_quantity,
        received_quantity,
        picked_quantity,
        returned_quantity,
        disposed_quantity,
        adjusted_quantity,
        closing_quantity,

        closing_quantity = 0 as is_out_of_stock,

        moved_on as stock_date,
        next_moved_on as valid_to
    from balances

)

select * from final
