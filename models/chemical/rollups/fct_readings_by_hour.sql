{{ config(**rollup_config()) }}

{{ merged_buckets(children=ref('fct_readings_by_quarter_hour'), minutes=60) }}
