{{ config(**rollup_config()) }}

{{ merged_bins(
    children=ref('int_reading_bins_by_quarter_hour'),
    parent_at=time_bucket('children.bucket_at', 60)
) }}
