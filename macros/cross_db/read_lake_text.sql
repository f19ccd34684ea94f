{#- The content of a text file. -#}
{% macro read_lake_text(path) %}
    {{ return(adapter.dispatch('read_lake_text', 'saltworks')(path)) }}
{% endmacro %}

{% macro default__read_lake_text(path) %}
    {{ return(run_query("select content from read_text('" ~ path ~ "')").rows[0][0]) }}
{% endmacro %}

{% macro spark__read_lake_text(path) %}
    {{ return(run_query("select value from text.`" ~ path ~ "`").columns[0].values() | join("\n")) }}
{% endmacro %}
