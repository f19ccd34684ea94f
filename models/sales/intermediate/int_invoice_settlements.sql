with

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

final as (

    select
        invoice_id,

        cast(count(*) as {{ dbt.type_int() }}) as payment_count,
        cast(sum(paid_amount) as {{ type_money() }}) as paid_amount,

        max(received_date) as last_received_date
    from payments
    group by invoice_id

)

select * from final
