with

source as (

    select * from {{ source('ref', 'currencies') }}

),

final as (

    select
        currency_code,
        currency_name,

        minor_unit_digits,

        created_at,
        updated_at
    from source

)

select * from final
