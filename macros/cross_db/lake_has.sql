{#- Whether the lake has a file that matches the pattern. -#}
{% macro lake_has(lake, pattern) %}
    {{ return(adapter.dispatch('lake_has', 'saltworks')(lake, pattern)) }}
{% endmacro %}

{% macro duckdb__lake_has(lake, pattern) %}
    {{ return(run_query("select 1 from glob('" ~ lake ~ "/" ~ pattern ~ "') limit 1").rows | length > 0) }}
{% endmacro %}
