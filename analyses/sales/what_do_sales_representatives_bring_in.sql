-- What do sales representatives bring in, compared with the accounts that order by themselves?
-- Answer: one row per representative with orders: region, manager, days on the job within the data,
-- orders taken, net revenue, and revenue per day on the job.
-- Look for: who left is compared per day, not in total; small territories have few orders.

with

orders as (

    select * from {{ ref('fct_orders') }}

),

sales_reps as (

    select * from {{ ref('dim_sales_reps') }}

),

period as (

    select
        min(order_date) as first_date,
        max(order_date) as last_date
    from orders

),

orders_per_rep as (

    select
        rep_id,
        count(*) as order_count,
        sum(net_amount_eur) as net_amount_eur
    from orders
    where
        not is_cancelled
        and is_assisted
    group by rep_id

),

tenures as (

    select
        sales_reps.rep_id,
        sales_reps.full_name,
        sales_reps.region_name,
        sales_reps.territory_name,
        sales_reps.manager_name,
        sales_reps.is_employed,
        orders_per_rep.order_count,
        orders_per_rep.net_amount_eur,
        greatest(sales_reps.hired_on, period.first_date) as first_day,
        least(coalesce(sales_reps.left_on, period.last_date), period.last_date) as last_day
    from sales_reps
    inner join orders_per_rep
        on sales_reps.rep_id = orders_per_rep.rep_id
    cross join period

)

select
    rep_id,
    full_name,
    region_name,
    territory_name,
    manager_name,
    is_employed,
    {{ dbt.datediff('first_day', 'last_day', 'day') }} + 1 as days_on_the_job,
    order_count,
    cast(net_amount_eur as {{ type_money() }}) as net_amount_eur,
    cast(
        net_amount_eur / ({{ dbt.datediff('first_day', 'last_day', 'day') }} + 1)
        as {{ type_money() }}
    ) as net_amount_eur_per_day
from tenures
order by
    net_amount_eur_per_day desc,
    rep_id asc
