with

source as (

    select * from {{ source('ref', 'countries') }}

),

final as (

    select
        country_code,
        country_name,
        region_name,
        market_code,
        currency_code,
        locale_code,
        time_zone,
        hemisphere,
        weekend_days,

        created_at,
        updated_at
    from source

)

select * from final
