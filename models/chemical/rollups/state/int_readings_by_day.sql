{{ config(**rollup_config()) }}

{{ merged_buckets(
    children=ref('int_readings_by_hour'),
    bins=ref('int_reading_bins_by_day'),
    child_minutes=60,
    parent_at=time_bucket('children.bucket_at', 1440),
    parent_end_at=time_bucket('children.bucket_at', 1440) ~ " + interval '1440 minutes'"
) }}
