with

source as (

    {{ accepted_rows(source('oms', 'orders'), ref('quarantine_oms__orders'), ['order_id']) }}

),

addresses as (

    select * from {{ source('crm', 'customer_addresses') }}

),

markets as (

    select * from {{ source('ref', 'markets') }}

),

sales_reps as (

    select * from {{ source('crm', 'sales_reps') }}

),

final as (

    select
        source.order_id,
        coalesce(source.customer_id, addresses.customer_id) as customer_id,
        sales_reps.rep_id,
        source.shipping_address_id,

        source.country_code,
        source.market_code,
        coalesce(markets.currency_code, source.currency_code) as currency_code,
        source.sales_channel,

        source.line_count,
        source.discount_amount,
        source.net_amount,
        source.tax_amount,
        source.gross_amount,
        source.utc_offset_minutes,

        source.customer_id is null as has_mended_customer,
        source.currency_code <> coalesce(markets.currency_code, source.currency_code)
            as has_mended_currency,
        source.rep_id is not null and sales_reps.rep_id is null as has_unknown_rep,

        source.order_date,

        source.ordered_at,
        source.created_at,
        source.updated_at
    from source
    left join addresses
        on source.shipping_address_id = addresses.address_id
    left join markets
        on source.market_code = markets.market_code
    left join sales_reps
        on source.rep_id = sales_reps.rep_id

)

select * from final
