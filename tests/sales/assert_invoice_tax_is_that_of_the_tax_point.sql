{#-
    A returned row is a line of an invoice whose tax rate is not the one in force in the country
    on the day of the invoice, or whose tax is further than half the smallest unit from net amount
    × rate.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

invoice_lines as (

    select * from {{ ref('stg_fin__invoice_lines') }}

),

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

tax_rates as (

    select * from {{ ref('stg_ref__tax_rates') }}

),

currencies as (

    select * from {{ ref('stg_ref__currencies') }}

),

rates_in_force as (

    select
        country_code,
        tax_class,
        tax_rate,
        effective_from,
        lead(effective_from) over (
            partition by country_code, tax_class
            order by effective_from
        ) as effective_to
    from tax_rates

)

select
    invoice_lines.invoice_line_key,
    invoice_lines.tax_rate,
    rates_in_force.tax_rate as tax_rate_in_force
from invoice_lines
inner join invoices
    on invoice_lines.invoice_id = invoices.invoice_id
inner join orders
    on invoices.order_id = orders.order_id
inner join order_lines
    on
        invoice_lines.order_id = order_lines.order_id
        and invoice_lines.line_no = order_lines.line_no
inner join currencies
    on invoices.currency_code = currencies.currency_code
left join rates_in_force
    on
        orders.country_code = rates_in_force.country_code
        and order_lines.tax_class = rates_in_force.tax_class
        and invoices.invoice_date >= rates_in_force.effective_from
        and (
            rates_in_force.effective_to is null
            or invoices.invoice_date < rates_in_force.effective_to
        )
where
    invoices.invoice_type = 'invoice'
    and (
        rates_in_force.tax_rate is null
        or invoice_lines.tax_rate <> rates_in_force.tax_rate
        or abs(invoice_lines.net_amount * invoice_lines.tax_rate - invoice_lines.tax_amount)
        * power(10, currencies.minor_unit_digits) > 0.500001
    )
