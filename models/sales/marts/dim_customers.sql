with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

current_versions as (

    select * from {{ ref('dim_customer_versions') }}
    where is_current

),

customer_addresses as (

    select * from {{ ref('stg_crm__customer_addresses') }}

),

lifetimes as (

    select * from {{ ref('int_customer_lifetimes') }}

),

billing_addresses as (

    select * from customer_addresses
    where address_type = 'billing'

),

final as (

    select
        customers.customer_id,
        customers.territory_id,
        current_versions.rep_id,

        customers.customer_type,
        customers.customer_name,
        current_versions.email,
        current_versions.phone_number,
        customers.country_code,
        customers.currency_code,
        customers.locale_code,
        billing_addresses.city,
        billing_addresses.postal_code,
        customers.acquisition_channel,
        coalesce(lifetimes.lifecycle_stage, 'never_ordered') as lifecycle_stage,
        coalesce(lifetimes.revenue_class, 'C') as revenue_class,

        customers.payment_terms_days,
        coalesce(lifetimes.order_count, 0) as order_count,
        cast(coalesce(lifetimes.net_amount_eur, 0) as {{ type_money() }}) as net_amount_eur,

        customers.acquired_on,
        lifetimes.first_order_date,
        lifetimes.last_order_date
    from customers
    inner join current_versions
        on customers.customer_id = current_versions.customer_id
    left join billing_addresses
        on customers.customer_id = billing_addresses.customer_id
    left join lifetimes
        on customers.customer_id = lifetimes.customer_id

)

select * from final
