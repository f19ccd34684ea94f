-- One row: the size of the company.
select
    (select count(*) from sales.fct_orders) as orders,
    (select count(*) from sales.fct_order_lines) as order_lines,
    (select count(*) from sales.dim_customers) as customers,
    (select count(*) from sales.dim_products) as products,
    (select count(*) from sales.dim_countries) as countries,
    (select cast(sum(net_amount_eur) as double) from sales.fct_revenue_by_day) as net_eur
