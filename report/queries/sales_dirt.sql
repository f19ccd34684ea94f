-- One row per kind of dirt that was put into the sales rows: how many rows, and how many of that
-- kind are found without the answer key: by staging, which refused them, or by comparing its rows
-- with the raw ones. Of a row that came several times one is taken.
with

refused as (

    select
        'crm.customers' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_crm__customers
    union all
    select
        'oms.orders' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_oms__orders
    union all
    select
        'oms.order_lines' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_oms__order_lines
    union all
    select
        'oms.order_events' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_oms__order_events
    union all
    select
        'fin.payments' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_fin__payments
    union all
    select
        'fin.payment_allocations' as table_name,
        rejection_reason,
        row_count
    from quarantine.quarantine_fin__payment_allocations

),

orders as (

    select
        count(distinct case when raw_orders.customer_id is null then raw_orders.order_id end)
            as without_customer,
        count(
            distinct case
                when raw_orders.currency_code <> orders.currency_code then raw_orders.order_id
            end
        ) as in_another_currency,
        count(
            distinct case
                when raw_orders.rep_id is not null and orders.rep_id is null
                    then raw_orders.order_id
            end
        ) as of_nobody
    from raw_oms.orders as raw_orders
    inner join staging.stg_oms__orders as orders
        on raw_orders.order_id = orders.order_id

),

found as (

    select
        table_name,
        rejection_reason as defect,
        cast(
            sum(case rejection_reason when 'duplicate' then row_count - 1 else row_count end)
            as bigint
        ) as found,
        'quarantined' as outcome
    from refused
    group by table_name, rejection_reason
    union all
    select
        'oms.orders' as table_name,
        'missing_customer' as defect,
        without_customer as found,
        'customer of the address' as outcome
    from orders
    union all
    select
        'oms.orders' as table_name,
        'wrong_currency' as defect,
        in_another_currency as found,
        'currency of the price list' as outcome
    from orders
    union all
    select
        'oms.orders' as table_name,
        'unknown_representative' as defect,
        of_nobody as found,
        'left empty' as outcome
    from orders
    union all
    select
        'crm.customers' as table_name,
        'lost_letters' as defect,
        count(*) as found,
        'left as it is' as outcome
    from staging.stg_crm__customers
    where contains(customer_name, '�')
    union all
    select
        'crm.customers' as table_name,
        'broken_encoding' as defect,
        count(distinct customers.customer_id) as found,
        'read again' as outcome
    from raw_crm.customers as raw_customers
    inner join staging.stg_crm__customers as customers
        on raw_customers.customer_id = customers.customer_id
    where
        raw_customers.customer_name <> customers.customer_name
        and not contains(customers.customer_name, '�')

),

injected as (

    select
        table_name,
        case defect_kind when 'stale_duplicate' then 'duplicate' else defect_kind end as defect,
        count(*) as injected
    from staging.stg_truth__injected_defects
    group by table_name, defect

)

select
    coalesce(injected.table_name, found.table_name) as table_name,
    replace(coalesce(injected.defect, found.defect), '_', ' ') as defect,
    coalesce(injected.injected, 0) as injected,
    found.found,
    coalesce(found.outcome, 'of no matter') as outcome
from injected
full outer join found
    on
        injected.table_name = found.table_name
        and injected.defect = found.defect
where coalesce(injected.injected, 0) + coalesce(found.found, 0) > 0
order by table_name asc, injected desc, defect asc
