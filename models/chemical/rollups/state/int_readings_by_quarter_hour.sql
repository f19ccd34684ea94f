{{ config(**rollup_config()) }}

{{ merged_buckets(
    children=ref('int_readings_by_minute'),
    bins=ref('int_reading_bins_by_quarter_hour'),
    child_minutes=1,
    parent_at=time_bucket('children.bucket_at', 15),
    parent_end_at=time_bucket('children.bucket_at', 15) ~ " + interval '15 minutes'"
) }}
