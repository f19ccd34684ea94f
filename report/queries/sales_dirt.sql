-- One row per kind of dirt that was put into the sales rows: how many rows, and how many of that
-- kind are told apart when the raw tables are compared with what staging made of them.
with

counts as (

    select
        'crm.customers' as table_name,
        (select count(*) from raw_crm.customers) as raw_count,
        (select count(*) from staging.stg_crm__customers) as kept_count,
        (select count(*) from quarantine.quarantine_crm__customers) as refused_count
    union all
    select
        'oms.orders' as table_name,
        (select count(*) from raw_oms.orders) as raw_count,
        (select count(*) from staging.stg_oms__orders) as kept_count,
        (select count(*) from quarantine.quarantine_oms__orders) as refused_count
    union all
    select
        'oms.order_lines' as table_name,
        (select count(*) from raw_oms.order_lines) as raw_count,
        (select count(*) from staging.stg_oms__order_lines) as kept_count,
        (select count(*) from quarantine.quarantine_oms__order_lines) as refused_count
    union all
    select
        'oms.order_events' as table_name,
        (select count(*) from raw_oms.order_events) as raw_count,
        (select count(*) from staging.stg_oms__order_events) as kept_count,
        (select count(*) from quarantine.quarantine_oms__order_events) as refused_count
    union all
    select
        'fin.payments' as table_name,
        (select count(*) from raw_fin.payments) as raw_count,
        (select count(*) from staging.stg_fin__payments) as kept_count,
        (select count(*) from quarantine.quarantine_fin__payments) as refused_count
    union all
    select
        'fin.payment_allocations' as table_name,
        (select count(*) from raw_fin.payment_allocations) as raw_count,
        (select count(*) from staging.stg_fin__payment_allocations) as kept_count,
        (select count(*) from quarantine.quarantine_fin__payment_allocations) as refused_count

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
        'duplicate' as defect,
        raw_count - kept_count - refused_count as found,
        'taken once' as outcome
    from counts
    union all
    select
        table_name,
        'orphan' as defect,
        refused_count as found,
        'quarantined' as outcome
    from counts
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
