-- One row per month and kind of promotion: its share of the month's net revenue.
with

lines as (

    select
        cast(date_trunc('month', order_date) as timestamp) as month,
        promotion_id,
        sum(net_amount_eur) as net_eur
    from sales.fct_order_lines
    where not is_cancelled
    group by month, promotion_id

),

months as (

    select
        month,
        sum(net_eur) as net_eur
    from lines
    group by month

)

select
    lines.month,
    replace(promotions.promotion_type, '_', ' ') as promotion,
    cast(sum(lines.net_eur) / any_value(months.net_eur) as double) as share
from lines
inner join months
    on lines.month = months.month
inner join sales.dim_promotions as promotions
    on lines.promotion_id = promotions.promotion_id
group by lines.month, promotion
order by lines.month asc, promotion asc
