with

source as (

    {{ accepted_rows(
        source('crm', 'customers'),
        ref('quarantine_crm__customers'),
        ['customer_id']
    ) }}

),

mended as (

    select
        *,
        {{ mended_encoding('customer_name') }} as mended_name
    from source

),

final as (

    select
        customer_id,
        territory_id,
        rep_id,

        customer_type,
        mended_name as customer_name,
        email,
        phone_number,
        country_code,
        currency_code,
        locale_code,
        acquisition_channel,

        payment_terms_days,

        customer_name <> mended_name as has_mended_name,
        customer_name like '%�%' as has_lost_letters,

        acquired_on,

        created_at,
        updated_at
    from mended

)

select * from final
