-- One row per kind of dirt that was put into the sales rows: how many rows, and how many of that kind
-- are told apart when the raw tables are compared with what staging made of them.
with

raw_rows as (

    select 'crm.customers' as table_name, (select count(*) from raw_crm.customers) as rows
    union all
    select 'oms.orders', (select count(*) from raw_oms.orders)
    union all
    select 'oms.order_lines', (select count(*) from raw_oms.order_lines)
    union all
    select 'oms.order_events', (select count(*) from raw_oms.order_events)
    union all
    select 'fin.payments', (select count(*) from raw_fin.payments)
    union all
    select 'fin.payment_allocations', (select count(*) from raw_fin.payment_allocations)

),

refused as (

    select 'oms.order_lines' as table_name, (select count(*) from quarantine.quarantine_oms__order_lines) as rows
    union all
    select 'oms.order_events', (select count(*) from quarantine.quarantine_oms__order_events)
    union all
    select 'oms.orders', (select count(*) from quarantine.quarantine_oms__orders)
    union all
    select 'crm.customers', (select count(*) from quarantine.quarantine_crm__customers)
    union all
    select 'fin.payments', (select count(*) from quarantine.quarantine_fin__payments)
    union all
    select 'fin.payment_allocations', (select count(*) from quarantine.quarantine_fin__payment_allocations)

),

kept as (

    select 'crm.customers' as table_name, (select count(*) from staging.stg_crm__customers) as rows
    union all
    select 'oms.orders', (select count(*) from staging.stg_oms__orders)
    union all
    select 'oms.order_lines', (select count(*) from staging.stg_oms__order_lines)
    union all
    select 'oms.order_events', (select count(*) from staging.stg_oms__order_events)
    union all
    select 'fin.payments', (select count(*) from staging.stg_fin__payments)
    union all
    select 'fin.payment_allocations', (select count(*) from staging.stg_fin__payment_allocations)

),

orders as (

    select
        count(distinct case when raw_orders.customer_id is null then raw_orders.order_id end) as without_customer,
        count(distinct case when raw_orders.currency_code <> orders.currency_code then raw_orders.order_id end)
            as in_another_currency,
        count(distinct case when raw_orders.rep_id is not null and orders.rep_id is null then raw_orders.order_id end)
            as of_nobody
    from raw_oms.orders as raw_orders
    inner join staging.stg_oms__orders as orders
        on raw_orders.order_id = orders.order_id

),

found as (

    select
        raw_rows.table_name,
        'duplicate' as defect,
        raw_rows.rows - kept.rows - refused.rows as found,
        'taken once' as outcome
    from raw_rows
    inner join kept
        on raw_rows.table_name = kept.table_name
    inner join refused
        on raw_rows.table_name = refused.table_name
    union all
    select table_name, 'orphan', rows, 'quarantined'
    from refused
    union all
    select 'oms.orders', 'missing_customer', without_customer, 'customer of the address'
    from orders
    union all
    select 'oms.orders', 'wrong_currency', in_another_currency, 'currency of the price list'
    from orders
    union all
    select 'oms.orders', 'unknown_representative', of_nobody, 'left empty'
    from orders

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
    coalesce(found.outcome, 'mended or of no matter') as outcome
from injected
full outer join found
    on
        injected.table_name = found.table_name
        and injected.defect = found.defect
where coalesce(injected.injected, 0) + coalesce(found.found, 0) > 0
order by table_name asc, injected desc, defect asc
