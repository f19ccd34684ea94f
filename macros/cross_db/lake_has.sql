{#- Whether the lake has a file of this path, or a folder of this path with Parquet files at any depth. -#}
{% macro lake_has(lake, path) %}
    {{ return(adapter.dispatch('lake_has', 'saltworks')(lake ~ '/' ~ path)) }}
{% endmacro %}

{% macro default__lake_has(path) %}
    {% set query = "select 1 from glob(['" ~ path ~ "', '" ~ path ~ "/**/*.parquet']) limit 1" %}
    {{ return(run_query(query).rows | length > 0) }}
{% endmacro %}

{% macro spark__lake_has(path) %}
    {% set places = [path, path ~ '/*.parquet', path ~ '/*/*.parquet', path ~ '/*/*/*.parquet'] %}
    {{ return(spark_files(places) | length > 0) }}
{% endmacro %}
