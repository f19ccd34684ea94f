with

source as (

    select * from {{ source('crm', 'customer_changes') }}

),

final as (

    select
        {{ surrogate_key(['customer_id', 'change_seq']) }} as customer_change_key,
        customer_id,
        change_seq,

        changed_attribute,
        old_value,
        new_value,

        changed_at,
        created_at,
        updated_at
    from source

)

select * from final
