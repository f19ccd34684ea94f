{#-
    A returned row is a key that staging refused although nothing was soiled there, or a second copy or
    an orphan in the raw tables that it did not notice.
-#}
with

quarantine as (

    {% for source, table in [
        ('crm', 'customers'),
        ('oms', 'orders'),
        ('oms', 'order_lines'),
        ('oms', 'order_events'),
        ('fin', 'payments'),
        ('fin', 'payment_allocations'),
    ] -%}
    select
        '{{ source }}.{{ table }}' as table_name,
        rejected_row_key
    from {{ ref('quarantine_' ~ source ~ '__' ~ table) }}
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

),

soiled_rows as (

    select
        table_name,
        row_key || '|' || case when defect_kind = 'orphan' then 'orphan' else 'duplicate' end
            as rejected_row_key
    from {{ ref('stg_truth__injected_defects') }}
    where defect_kind in ('duplicate', 'stale_duplicate', 'orphan')

)

select
    coalesce(quarantine.table_name, soiled_rows.table_name) as table_name,
    quarantine.rejected_row_key,
    soiled_rows.rejected_row_key as soiled_row_key
from quarantine
full outer join soiled_rows
    on
        quarantine.table_name = soiled_rows.table_name
        and quarantine.rejected_row_key = soiled_rows.rejected_row_key
where
    quarantine.rejected_row_key is null
    or soiled_rows.rejected_row_key is null
