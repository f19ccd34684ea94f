{#- Number of the run that writes a row of the lowest level: 1 when it is built afresh, then one more each time. -#}
{% macro next_revision() -%}
    {%- if is_incremental() -%}
        (select coalesce(max(revision), 0) + 1 from {{ this }})
    {%- else -%}
        1
    {%- endif -%}
{%- endmacro %}
