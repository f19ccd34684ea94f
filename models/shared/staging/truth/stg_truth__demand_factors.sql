with

source as (

    select * from {{ source('truth', 'demand_factors') }}

),

final as (

    select
        {{ surrogate_key(['effect', 'customer_type', 'country_code', 'level', 'factor_month']) }}
            as demand_factor_key,

        effect,
        customer_type,
        country_code,
        level as effect_level,

        factor,
        day_count,
        expected_orders,

        factor_month,

        created_at,
        updated_at
    from source

)

select * from final
