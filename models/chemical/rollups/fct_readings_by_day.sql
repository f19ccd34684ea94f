{{ config(**rollup_config()) }}

{{ merged_buckets(children=ref('fct_readings_by_hour'), minutes=1440) }}
