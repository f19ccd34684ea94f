{#- How the roll-ups are built: rows are replaced one by one where rows can be deleted, else by whole dates. -#}
{% macro rollup_config() -%}
    {{ return(adapter.dispatch('rollup_config', 'saltworks')()) }}
{%- endmacro %}

{% macro default__rollup_config() -%}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'delete+insert',
        'unique_key': 'reading_bucket_key',
        'on_schema_change': 'fail',
    }) }}
{%- endmacro %}

{% macro spark__rollup_config() -%}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'insert_overwrite',
        'partition_by': ['bucket_date'],
        'file_format': 'parquet',
        'on_schema_change': 'fail',
    }) }}
{%- endmacro %}
