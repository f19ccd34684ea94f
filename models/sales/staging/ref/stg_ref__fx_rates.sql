with

source as (

    select * from {{ source('ref', 'fx_rates') }}

),

final as (

    select
        {{ surrogate_key(['currency_code', 'rate_date']) }} as fx_rate_key,

        currency_code,

        units_per_eur,

        rate_date,

        created_at,
        updated_at
    from source

)

select * from final
