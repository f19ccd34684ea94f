with

source as (

    select * from {{ source('pim', 'product_costs') }}

),

final as (

    select
        {{ surrogate_key(['product_id', 'effective_from']) }} as product_cost_key,
        product_id,

        unit_cost,

        effective_from,

        created_at,
        updated_at
    from source

)

select * from final
