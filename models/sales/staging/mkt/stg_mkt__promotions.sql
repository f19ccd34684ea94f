with

source as (

    select * from {{ source('mkt', 'promotions') }}

),

final as (

    select
        promotion_id,

        promotion_name,
        promotion_type,
        market_code,

        discount_rate,

        starts_on,
        ends_on,

        created_at,
        updated_at
    from source

)

select * from final
