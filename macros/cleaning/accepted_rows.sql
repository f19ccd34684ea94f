{#-
    The rows of a raw table but for those that its quarantine names: of a key with several rows the one that changed last, of
    an orphan none. The column `copy_no`, always 1, is extra.
-#}
{% macro accepted_rows(raw_table, quarantine, key) -%}
select
        raw_rows.*,
        1 as copy_no
    from {{ raw_table }} as raw_rows
    where not {{ is_rejected(quarantine, key) }}
    union all
    select copies.*
    from (
        select
            raw_rows.*,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by raw_rows.updated_at desc
            ) as copy_no
        from {{ raw_table }} as raw_rows
        where
            {{ is_rejected(quarantine, key, 'duplicate') }}
            and not {{ is_rejected(quarantine, key, 'orphan') }}
    ) as copies
    where copies.copy_no = 1
{%- endmacro %}

{#- Whether the quarantine has the key of a raw row, for one reason or any. -#}
{% macro is_rejected(quarantine, key, reason=none) -%}
exists (
            select 1 from {{ quarantine }} as rejected
            where
                {% for column in key -%}
                {{ "and " if not loop.first }}rejected.{{ column }} = raw_rows.{{ column }}
                {% endfor -%}
                {%- if reason %}and rejected.rejection_reason = '{{ reason }}'{% endif %}
        )
{%- endmacro %}
