with

source as (

    select * from {{ source('rma', 'return_lines') }}

),

final as (

    select
        {{ surrogate_key(['return_id', 'line_no']) }} as return_line_key,
        return_id,
        line_no,
        order_id,
        product_id,

        item_condition,

        quantity,

        created_at,
        updated_at
    from source

)

select * from final
