{#-
    A returned row is an invoice or credit note whose net, tax or gross amount is not the sum of
    its lines, to the cent.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

invoice_lines as (

    select * from {{ ref('stg_fin__invoice_lines') }}

),

lines_per_invoice as (

    select
        invoice_id,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount,
        sum(gross_amount) as gross_amount
    from invoice_lines
    group by invoice_id

)

select
    invoices.invoice_id,
    invoices.gross_amount,
    lines_per_invoice.gross_amount as gross_amount_of_lines
from invoices
left join lines_per_invoice
    on invoices.invoice_id = lines_per_invoice.invoice_id
where
    lines_per_invoice.invoice_id is null
    or invoices.net_amount <> lines_per_invoice.net_amount
    or invoices.tax_amount <> lines_per_invoice.tax_amount
    or invoices.gross_amount <> lines_per_invoice.gross_amount
    or invoices.gross_amount <> invoices.net_amount + invoices.tax_amount
