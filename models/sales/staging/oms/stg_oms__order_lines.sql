with

source as (

    {{ accepted_rows(
        source('oms', 'order_lines'),
        ref('quarantine_oms__order_lines'),
        ['order_id', 'line_no']
    ) }}

),

final as (

    select
        {{ order_line_key('order_id', 'line_no') }} as order_line_key,
        order_id,
        line_no,
        product_id,
        promotion_id,

        tax_class,

        quantity,
        list_price,
        discount_rate,
        discount_amount,
        net_amount,
        tax_rate,
        tax_amount,
        gross_amount,

        created_at,
        updated_at
    from source

)

select * from final
