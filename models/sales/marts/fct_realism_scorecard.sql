with

published_facts as (

    select * from {{ ref('published_facts') }}

),

order_facts as (

    select * from {{ ref('int_facts_about_orders') }}

),

season_facts as (

    select * from {{ ref('int_facts_about_seasons') }}

),

customer_facts as (

    select * from {{ ref('int_facts_about_customers') }}

),

payment_facts as (

    select * from {{ ref('int_facts_about_payments') }}

),

fulfilment_facts as (

    select * from {{ ref('int_facts_about_fulfilment') }}

),

product_facts as (

    select * from {{ ref('int_facts_about_products') }}

),

exchange_facts as (

    select * from {{ ref('int_facts_about_exchange') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

statistics as (

    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from order_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from season_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from customer_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from payment_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from fulfilment_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from product_facts
    union all
    select
        statistic,
        subject,
        statistic_value,
        tolerance
    from exchange_facts

),

size as (

    select count(*) as order_count
    from orders

),

scored as (

    select
        published_facts.fact_id,
        published_facts.statement,
        published_facts.statistic,
        published_facts.subject,
        published_facts.unit,
        published_facts.source,
        published_facts.published_value,
        published_facts.low,
        published_facts.high,
        cast(statistics.statistic_value as {{ type_rate() }}) as measured_value,
        published_facts.is_binding and size.order_count >= published_facts.needed_orders
            as is_binding,
        statistics.statistic_value
        between cast(published_facts.low as {{ type_double() }}) - statistics.tolerance
        and cast(published_facts.high as {{ type_double() }}) + statistics.tolerance as is_inside
    from published_facts
    inner join statistics
        on
            published_facts.statistic = statistics.statistic
            and published_facts.subject = statistics.subject
    cross join size
    where statistics.statistic_value is not null

),

final as (

    select
        fact_id,

        statement,
        statistic,
        subject,
        unit,
        source,

        measured_value,
        published_value,
        low,
        high,

        is_inside,
        is_binding
    from scored

)

select * from final
