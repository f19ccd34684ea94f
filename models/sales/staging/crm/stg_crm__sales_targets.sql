with

source as (

    select * from {{ source('crm', 'sales_targets') }}

),

final as (

    select
        {{ surrogate_key(['rep_id', 'target_month']) }} as sales_target_key,
        rep_id,

        currency_code,

        target_amount,

        target_month,

        created_at,
        updated_at
    from source

)

select * from final
