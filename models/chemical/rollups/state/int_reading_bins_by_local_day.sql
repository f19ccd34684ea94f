{{ config(**rollup_config()) }}

{{ merged_bins(
    children=ref('int_reading_bins_by_quarter_hour'),
    join_children='inner join ' ~ ref('int_tags__time_zones') ~ ' as zones on children.tag_id = zones.tag_id',
    days_around=2,
    parent_at=local_day_at('children.bucket_at', 'zones.time_zone')
) }}
