{#- What is found without the answer key: keys that staging refused, and rows that it mended. -#}
{%- set quarantined = [
    ('crm', 'customers', ['customer_id']),
    ('oms', 'orders', ['order_id']),
    ('oms', 'order_lines', ['order_id', 'line_no']),
    ('oms', 'order_events', ['order_id', 'event_seq']),
    ('fin', 'payments', ['payment_id']),
    ('fin', 'payment_allocations', ['payment_id', 'invoice_id']),
] -%}
{%- set mended = [
    ('orders', 'has_mended_customer', 'missing_customer', 'customer_id', 'customer of the address'),
    ('orders', 'has_mended_currency', 'wrong_currency', 'currency_code', 'currency of the price list'),
    ('orders', 'has_unknown_rep', 'unknown_representative', 'rep_id', 'left empty'),
    ('customers', 'has_mended_name', 'broken_encoding', 'customer_name', 'read again'),
    ('customers', 'has_lost_letters', 'lost_letters', 'customer_name', 'left as it is'),
] -%}
with

customers as (

    select
        *,
        'crm.customers' as table_name,
        {{ surrogate_key(['customer_id']) }} as row_key
    from {{ ref('stg_crm__customers') }}
    where
        has_mended_name
        or has_lost_letters

),

orders as (

    select
        *,
        'oms.orders' as table_name,
        {{ surrogate_key(['order_id']) }} as row_key
    from {{ ref('stg_oms__orders') }}
    where
        has_mended_customer
        or has_mended_currency
        or has_unknown_rep

),

refused as (

    {% for source, table, key in quarantined -%}
    select
        '{{ source }}.{{ table }}' as table_name,
        {{ surrogate_key(key) }} as row_key,
        rejection_reason
    from {{ ref('quarantine_' ~ source ~ '__' ~ table) }}
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

),

mended as (

    {% for rows, mark, defect_kind, column, outcome in mended -%}
    select
        table_name,
        row_key,
        '{{ defect_kind }}' as defect_kind,
        '{{ column }}' as column_name,
        cast({{ column }} as {{ dbt.type_string() }}) as staged_value,
        '{{ outcome }}' as outcome
    from {{ rows }}
    where {{ mark }}
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

),

found as (

    select
        table_name,
        row_key,
        rejection_reason as defect_kind,
        cast(null as {{ dbt.type_string() }}) as column_name,
        cast(null as {{ dbt.type_string() }}) as staged_value,
        'quarantine' as found_by,
        case rejection_reason when 'orphan' then 'left out' else 'one row taken' end as outcome
    from refused
    union all
    select
        table_name,
        row_key,
        defect_kind,
        column_name,
        staged_value,
        'staging' as found_by,
        outcome
    from mended

),

final as (

    select
        {{ surrogate_key(['table_name', 'row_key', 'defect_kind']) }} as row_defect_key,
        table_name,
        row_key,

        defect_kind,
        column_name,
        staged_value,
        found_by,
        outcome
    from found

)

select * from final
