with

source as (

    select * from {{ source('ref', 'markets') }}

),

final as (

    select
        market_code,
        market_name,
        currency_code,

        created_at,
        updated_at
    from source

)

select * from final
