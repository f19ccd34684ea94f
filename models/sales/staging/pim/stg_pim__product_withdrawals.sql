with

source as (

    select * from {{ source('pim', 'product_withdrawals') }}

),

final as (

    select
        product_id,

        withdrawn_on,

        created_at,
        updated_at
    from source

)

select * from final
