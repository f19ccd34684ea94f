with

source as (

    select * from {{ source('crm', 'customers') }}

),

final as (

    select
        customer_id,
        territory_id,
        rep_id,

        customer_type,
        customer_name,
        email,
        phone_number,
        country_code,
        currency_code,
        locale_code,
        acquisition_channel,

        payment_terms_days,

        acquired_on,

        created_at,
        updated_at
    from source

)

select * from final
