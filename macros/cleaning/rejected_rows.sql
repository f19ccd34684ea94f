{#-
    The keys of a raw table that have rows which staging does not take as they are: keys with more than one row, and rows whose
    parent does not exist. Few rows, or none: staging leaves them out by a join that costs next to nothing.
-#}
{% macro rejected_rows(raw_table, key, parent=none, parent_key=none) -%}
with

raw_rows as (

    select * from {{ raw_table }}

),

{% if parent -%}
parents as (

    select * from {{ parent }}

),

{% endif -%}
duplicates as (

    select
        {{ key | join(',\n        ') }},
        'duplicate' as rejection_reason,
        cast(count(*) as {{ dbt.type_int() }}) as row_count
    from raw_rows
    group by {{ key | join(', ') }}
    having count(*) > 1

),

{% if parent -%}
orphans as (

    select
        {{ key | join(',\n        ') }},
        'orphan' as rejection_reason,
        cast(count(*) as {{ dbt.type_int() }}) as row_count
    from raw_rows
    where
        not exists (
            select 1 from parents
            where parents.{{ parent_key }} = raw_rows.{{ parent_key }}
        )
    group by {{ key | join(', ') }}

),

{% endif -%}
rejected as (

    select * from duplicates
    {%- if parent %}
    union all
    select * from orphans
    {%- endif %}

),

final as (

    select
        {{ surrogate_key(key + ['rejection_reason']) }} as rejected_row_key,
        rejected.*
    from rejected

)

select * from final
{%- endmacro %}
