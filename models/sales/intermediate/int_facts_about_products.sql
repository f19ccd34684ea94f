with

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

product_prices as (

    select * from {{ ref('stg_pim__product_prices') }}

),

quota_attainment as (

    select * from {{ ref('fct_quota_attainment') }}

),

account_lines as (

    select
        order_lines.order_id,
        order_lines.quantity
    from order_lines
    inner join customers
        on order_lines.customer_id = customers.customer_id
    where customers.customer_type = 'account'

),

flags as (

    select
        'share_of_list_prices_ending_in_9' as statistic,
        'all' as subject,
        case when mod(cast(list_price * 100 as bigint), 10) = 9 then 1 else 0 end as flag
    from product_prices
    where currency_code in ('EUR', 'USD', 'GBP')
    union all
    select
        'share_of_lines_of_accounts_by_quantity' as statistic,
        cast(quantities.quantity as {{ dbt.type_string() }}) as subject,
        case when account_lines.quantity = quantities.quantity then 1 else 0 end as flag
    from account_lines
    cross join (values (1), (2), (4), (6), (12), (24)) as quantities (quantity)
    union all
    select
        'share_of_quotas_attained' as statistic,
        'all' as subject,
        case when is_attained then 1 else 0 end as flag
    from quota_attainment

),

shares as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        4.5 * sqrt(
            avg(cast(flag as {{ type_double() }}))
            * (1 - avg(cast(flag as {{ type_double() }})))
            / count(*)
        ) as tolerance
    from flags
    group by statistic, subject

),

final as (

    select *
    from shares
    union all
    select
        'lines_per_order_of_accounts' as statistic,
        'all' as subject,
        cast(count(*) * 1.0 / count(distinct order_id) as {{ type_double() }}) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from account_lines

)

select * from final
