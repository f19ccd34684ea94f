with

customers as (

    select * from {{ ref('dim_customers') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

earners as (

    select
        'accounts' as earner_kind,
        cast(customer_id as {{ dbt.type_string() }}) as earner,
        net_amount_eur
    from customers
    where
        customer_type = 'account'
        and order_count > 0
    union all
    select
        'products_among_accounts' as earner_kind,
        order_lines.product_id as earner,
        sum(order_lines.net_amount_eur) as net_amount_eur
    from order_lines
    inner join customers
        on order_lines.customer_id = customers.customer_id
    where
        customers.customer_type = 'account'
        and not order_lines.is_cancelled
    group by order_lines.product_id

),

ranked_earners as (

    select
        earner_kind,
        cast(net_amount_eur as {{ type_double() }})
        / cast(sum(net_amount_eur) over (partition by earner_kind) as {{ type_double() }})
            as revenue_share,
        row_number() over (
            partition by earner_kind
            order by net_amount_eur desc, earner asc
        ) as rank_from_top,
        cast(count(*) over (partition by earner_kind) as {{ type_double() }}) as earner_count
    from earners

),

kinds as (

    select
        earner_kind,
        sum(case when rank_from_top <= 0.2 * earner_count then revenue_share else 0 end)
            as revenue_share_of_top_fifth,
        sum(case when rank_from_top <= 0.05 * earner_count then revenue_share else 0 end)
            as revenue_share_of_top_5_percent,
        sum(case when rank_from_top <= 0.01 * earner_count then revenue_share else 0 end)
            as revenue_share_of_top_1_percent,
        sum(case when rank_from_top <= 10 then revenue_share else 0 end)
            as revenue_share_of_top_ten,
        max(revenue_share) as revenue_share_of_largest,
        1 + 1 / max(earner_count) - 2 * sum(rank_from_top * revenue_share) / max(earner_count)
            as gini
    from ranked_earners
    group by earner_kind
    having max(earner_count) >= 400

),

countries as (

    select
        country_code,
        cast(sum(net_amount_eur) as {{ type_double() }}) as net_amount_eur
    from orders
    group by country_code

),

measures as (

    {% for measure in [
        'revenue_share_of_top_fifth', 'revenue_share_of_top_5_percent',
        'revenue_share_of_top_1_percent', 'revenue_share_of_top_ten',
        'revenue_share_of_largest', 'gini',
    ] -%}
    select
        '{{ measure }}_of_' || earner_kind as statistic,
        'all' as subject,
        {{ measure }} as statistic_value
    from kinds
    union all
    {% endfor -%}
    select
        'revenue_share_of_home_country' as statistic,
        'all' as subject,
        max(net_amount_eur) / nullif(sum(net_amount_eur), 0) as statistic_value
    from countries

),

final as (

    select
        statistic,
        subject,
        cast(statistic_value as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from measures

)

select * from final
