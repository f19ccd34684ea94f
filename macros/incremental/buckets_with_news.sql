{#- In an increment: whether a row of a level below was written after this level was. -#}
{% macro is_new(revision='revision') -%}
    {{ revision }} > (select coalesce(max(built.revision), 0) from {{ this }} as built)
{%- endmacro %}


{#- In an increment, keeps rows of the CTE `children` whose bucket has a new one, or where whole dates are rewritten, whose date has. -#}
{% macro where_bucket_has_news() -%}
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from children as written
            where
                {{ is_new('written.revision') }}
                {%- if rewrites_whole_dates() %}
                and cast(written.parent_at as date) = cast(children.parent_at as date)
                {%- else %}
                and written.tag_id = children.tag_id
                and written.parent_at = children.parent_at
                {%- endif %}
        )
    {%- endif %}
{%- endmacro %}


{#-
    The same as a condition on groups by bucket, for rows of many columns: to look at them twice costs more than to add up all of
    their dates.
-#}
{% macro group_by_bucket_with_news() -%}
    {%- if rewrites_whole_dates() -%}
        {{ where_bucket_has_news() }}
    {%- endif %}
    group by tag_id, org_id, parent_at, parent_end_at
    {%- if is_incremental() and not rewrites_whole_dates() %}
    having {{ is_new('max(revision)') }}
    {%- endif %}
{%- endmacro %}
