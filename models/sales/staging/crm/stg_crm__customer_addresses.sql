with

source as (

    select * from {{ source('crm', 'customer_addresses') }}

),

final as (

    select
        address_id,
        customer_id,

        address_type,
        street_address,
        city,
        postal_code,
        country_code,

        created_at,
        updated_at
    from source

)

select * from final
