with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

stock_movements as (

    select * from {{ ref('int_stock_movements_at_cost') }}

),

invoiced as (

    select
        invoices.*,
        customers.country_code
    from invoices
    inner join customers
        on invoices.customer_id = customers.customer_id

),

paid as (

    select
        payments.*,
        customers.country_code
    from payments
    inner join customers
        on payments.customer_id = customers.customer_id

),

postings as (

    select
        invoice_date as posting_date,
        country_code,
        currency_code,
        invoice_type as document_type,
        'accounts_receivable' as account_name,
        gross_amount as amount
    from invoiced
    union all
    select
        invoice_date as posting_date,
        country_code,
        currency_code,
        invoice_type as document_type,
        'revenue' as account_name,
        -net_amount as amount
    from invoiced
    union all
    select
        invoice_date as posting_date,
        country_code,
        currency_code,
        invoice_type as document_type,
        'sales_tax' as account_name,
        -tax_amount as amount
    from invoiced
    union all
    select
        received_date as posting_date,
        country_code,
        currency_code,
        payment_type as document_type,
        'cash' as account_name,
        paid_amount as amount
    from paid
    union all
    select
        received_date as posting_date,
        country_code,
        currency_code,
        payment_type as document_type,
        'accounts_receivable' as account_name,
        -paid_amount as amount
    from paid
    union all
    select
        moved_on as posting_date,
        country_code,
        'EUR' as currency_code,
        'stock_' || movement_type as document_type,
        'inventory' as account_name,
        cost_amount_eur as amount
    from stock_movements
    union all
    select
        moved_on as posting_date,
        country_code,
        'EUR' as currency_code,
        'stock_' || movement_type as document_type,
        case movement_type
            when 'receipt' then 'goods_received_not_invoiced'
            when 'pick' then 'cost_of_sales'
            when 'return' then 'cost_of_sales'
            when 'disposal' then 'goods_written_off'
            else 'shrinkage'
        end as account_name,
        -cost_amount_eur as amount
    from stock_movements

),

totals as (

    select
        posting_date,
        country_code,
        currency_code,
        document_type,
        account_name,
        cast(count(*) as {{ dbt.type_int() }}) as posting_count,
        cast(sum(case when amount > 0 then amount else 0 end) as {{ type_money() }})
            as debit_amount,
        cast(sum(case when amount < 0 then -amount else 0 end) as {{ type_money() }})
            as credit_amount
    from postings
    group by posting_date, country_code, currency_code, document_type, account_name

),

final as (

    select
        {{ surrogate_key([
            'posting_date', 'country_code', 'currency_code', 'document_type', 'account_name'
        ]) }} as general_ledger_key,

        country_code,
        currency_code,
        document_type,
        account_name,

        posting_count,
        debit_amount,
        credit_amount,

        posting_date
    from totals

)

select * from final
