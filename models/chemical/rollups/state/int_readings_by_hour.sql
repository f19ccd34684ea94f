{{ config(**rollup_config()) }}

{{ merged_buckets(
    children=ref('int_readings_by_quarter_hour'),
    bins=ref('int_reading_bins_by_hour'),
    child_minutes=15,
    parent_at=time_bucket('children.bucket_at', 60),
    parent_end_at=time_bucket('children.bucket_at', 60) ~ " + interval '60 minutes'"
) }}
