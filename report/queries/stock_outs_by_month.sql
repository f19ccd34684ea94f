-- One row per warehouse and month: the share of its shelf-days (product x day since the first
-- movement) that were empty. A shelf that is empty from one day to another is so on the days
-- between.
with

horizon as (

    select max(stock_date) as last_day
    from sales.fct_stock_by_day

),

spells as (

    select
        stock.warehouse_id,
        stock.is_out_of_stock,
        stock.stock_date as begins,
        coalesce(stock.valid_to, horizon.last_day + 1) as ends
    from sales.fct_stock_by_day as stock
    cross join horizon

),

months as (

    select distinct
        month_start_date as begins,
        cast(month_start_date + interval 1 month as date) as ends
    from shared.dim_dates
    where
        month_start_date >= (select min(orders.order_date) from sales.fct_orders as orders)
        and month_start_date <= (select horizon.last_day from horizon)

)

select
    warehouses.warehouse_name as warehouse,
    cast(months.begins as timestamp) as month,
    sum(
        case
            when spells.is_out_of_stock
                then least(spells.ends, months.ends) - greatest(spells.begins, months.begins)
            else 0
        end
    ) / sum(least(spells.ends, months.ends) - greatest(spells.begins, months.begins)) as empty_share
from spells
inner join months
    on
        spells.begins < months.ends
        and spells.ends > months.begins
inner join sales.dim_warehouses as warehouses
    on spells.warehouse_id = warehouses.warehouse_id
group by warehouse, month
order by warehouse asc, month asc
