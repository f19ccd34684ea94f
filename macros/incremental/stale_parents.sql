{#-
    In an incremental run, the CTE `stale`: the buckets of this level of which a row of the CTE `children` was written after
    the level was. In a full build nothing.
-#}
{% macro stale_parents() -%}
{% if is_incremental() -%}

stale as (

    select distinct
        tag_id,
        cast(parent_at as date) as parent_date,
        parent_at
    from children
    where revision > (select coalesce(max(revision), 0) from {{ this }})

),

{% endif -%}
{%- endmacro %}

{#- The condition that keeps those rows of `children` whose bucket the CTE `stale` names; in a full build all are kept. -#}
{% macro where_parent_is_stale() -%}
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from stale
            where
                {%- if rewrites_whole_dates() %}
                stale.parent_date = cast(children.parent_at as date)
                {%- else %}
                stale.tag_id = children.tag_id
                and stale.parent_at = children.parent_at
                {%- endif %}
        )
    {%- endif %}
{%- endmacro %}
