-- In which countries do accounts pay late, how late, and how much is overdue?
-- Answer: one row per country: invoices due, the share paid in time, the mean delay of the late
-- ones, and what is overdue at the reporting horizon.
-- Look for: payment cultures differ more than anything else here; the order of countries is the
-- published one (Netherlands and Germany prompt, Italy and Portugal late).

with

invoices as (

    select * from {{ ref('fct_invoices') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

countries as (

    select * from {{ ref('dim_countries') }}

),

due_invoices as (

    select
        customers.country_code,
        invoices.days_late,
        invoices.days_overdue,
        invoices.open_amount_eur,
        invoices.is_overdue
    from invoices
    inner join customers
        on invoices.customer_id = customers.customer_id
    where
        customers.customer_type = 'account'
        and invoices.invoice_type = 'invoice'
        and (invoices.is_settled or invoices.is_overdue)

)

select
    countries.country_name,
    count(*) as invoice_count,
    cast(
        100 * avg(
            case when due_invoices.days_late <= 0 then 1.0 else 0.0 end
        ) as decimal(5, 1)
    ) as percent_paid_in_time,
    cast(
        avg(case when due_invoices.days_late > 0 then due_invoices.days_late * 1.0 end)
        as decimal(8, 1)
    ) as mean_days_late,
    cast(sum(case when due_invoices.is_overdue then 1 else 0 end) as bigint) as overdue_count,
    cast(
        sum(case when due_invoices.is_overdue then due_invoices.open_amount_eur else 0 end)
        as {{ type_money() }}
    ) as overdue_amount_eur
from due_invoices
inner join countries
    on due_invoices.country_code = countries.country_code
group by countries.country_name
order by
    percent_paid_in_time desc,
    countries.country_name asc
