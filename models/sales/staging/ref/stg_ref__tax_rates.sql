with

source as (

    select * from {{ source('ref', 'tax_rates') }}

),

final as (

    select
        {{ surrogate_key(['country_code', 'tax_class', 'effective_from']) }} as tax_rate_key,

        country_code,
        tax_class,

        tax_rate,

        effective_from,

        created_at,
        updated_at
    from source

)

select * from final
