{{ config(**rollup_config()) }}

{{ merged_buckets(children=ref('fct_readings_by_minute'), minutes=15) }}
