with

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

promotions as (

    select * from {{ ref('dim_promotions') }}

),

lines as (

    select
        customers.customer_type,
        products.department_name,
        promotions.promotion_type,
        order_lines.order_id,
        order_lines.quantity,
        cast(order_lines.discount_rate as {{ type_double() }}) as discount_rate
    from order_lines
    inner join customers
        on order_lines.customer_id = customers.customer_id
    inner join products
        on order_lines.product_id = products.product_id
    left join promotions
        on order_lines.promotion_id = promotions.promotion_id

),

flags as (

    select
        'share_of_lines_of_accounts_by_quantity' as statistic,
        cast(quantities.quantity as {{ dbt.type_string() }}) as subject,
        case when lines.quantity = quantities.quantity then 1 else 0 end as flag
    from lines
    cross join (values (1), (2), (4), (6), (12), (24)) as quantities (quantity)
    where lines.customer_type = 'account'
    union all
    select
        'share_of_lines_of_persons_at_a_discount' as statistic,
        'all' as subject,
        case when discount_rate > 0 then 1 else 0 end as flag
    from lines
    where customer_type = 'person'

),

shares as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        count(*) as sample_size
    from flags
    group by statistic, subject

),

measures as (

    select
        'lines_per_order_of_accounts' as statistic,
        'all' as subject,
        cast(count(*) as {{ type_double() }}) / nullif(count(distinct order_id), 0)
            as statistic_value
    from lines
    where customer_type = 'account'
    union all
    select
        'mean_discount_of_persons' as statistic,
        'all' as subject,
        avg(discount_rate) as statistic_value
    from lines
    where
        customer_type = 'person'
        and discount_rate > 0
    union all
    select
        'median_discount_of_persons' as statistic,
        'all' as subject,
        percentile_cont(0.5) within group (order by discount_rate) as statistic_value
    from lines
    where
        customer_type = 'person'
        and discount_rate > 0
    union all
    select
        'mean_discount_in_black_week' as statistic,
        department_name as subject,
        avg(discount_rate) as statistic_value
    from lines
    where promotion_type = 'black_week'
    group by department_name
    having count(*) >= 30

),

final as (

    select *
    from shares
    union all
    select
        statistic,
        subject,
        cast(statistic_value as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from measures

)

select * from final
