with

source as (

    {{ accepted_rows(source('fin', 'payments'), ref('quarantine_fin__payments'), ['payment_id']) }}

),

final as (

    select
        payment_id,
        customer_id,

        payment_type,
        currency_code,
        payment_method,

        paid_amount,

        received_date,

        received_at,
        created_at,
        updated_at
    from source

)

select * from final
