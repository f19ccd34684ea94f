{#- Makes the Parquet files below a folder readable as schema.name. -#}
{% macro register_raw_table(schema, name, folder) %}
    {{ return(adapter.dispatch('register_raw_table', 'saltworks')(schema, name, folder)) }}
{% endmacro %}

{#- hive_partitioning is off: every column stands inside the files. -#}
{% macro default__register_raw_table(schema, name, folder) %}
    {% do run_query(
        "create or replace view " ~ schema ~ "." ~ name
        ~ " as select * from read_parquet('" ~ folder ~ "/**/*.parquet', hive_partitioning = false)"
    ) %}
{% endmacro %}

{% macro spark__register_raw_table(schema, name, folder) %}
    {% do run_query("drop table if exists " ~ schema ~ "." ~ name) %}
    {% do run_query(
        "create table " ~ schema ~ "." ~ name
        ~ " using parquet options (path '" ~ folder ~ "', recursiveFileLookup 'true')"
    ) %}
{% endmacro %}
