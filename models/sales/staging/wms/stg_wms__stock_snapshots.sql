with

source as (

    select * from {{ source('wms', 'stock_snapshots') }}

),

final as (

    select
        {{ surrogate_key(['product_id', 'warehouse_id', 'snapshot_date']) }} as stock_snapshot_key,
        product_id,
        warehouse_id,

        quantity,

        snapshot_date,

        created_at,
        updated_at
    from source

)

select * from final
