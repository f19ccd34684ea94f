{{ config(materialized='view') }}

{{ finished_buckets(ref('int_readings_by_day')) }}
