{#- Whether an incremental roll-up must bring all rows of every date that it touches. -#}
{% macro rewrites_whole_dates() -%}
    {{ return(rollup_config()['incremental_strategy'] == 'insert_overwrite') }}
{%- endmacro %}
