{{ config(materialized='view') }}

{{ finished_buckets(ref('int_readings_by_minute'), ref('int_reading_bins_by_minute')) }}
