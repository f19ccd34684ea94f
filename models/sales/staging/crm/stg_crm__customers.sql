with

source as (

    {{ accepted_rows(
        source('crm', 'customers'),
        ref('quarantine_crm__customers'),
        ['customer_id']
    ) }}

),

final as (

    select
        customer_id,
        territory_id,
        rep_id,

        customer_type,
        {{ mended_encoding('customer_name') }} as customer_name,
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
