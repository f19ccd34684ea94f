{#-
    Three quantiles of each bucket from its histogram, linear within a bin and not yet kept within the extremes; a bucket without
    values has no row. An incremental model takes those of its CTE `buckets`, a name; all of their rows of the histogram fulfil the
    condition `is_looked_at`. The ranges come from the CTE `tags`.
-#}
{% macro bucket_quantiles(bins, is_looked_at, buckets) -%}
    select
        counted_bins.reading_bucket_key,
        {%- for name, share in [('p05', 0.05), ('p50', 0.5), ('p95', 0.95)] %}
        min(
            case
                when counted_bins.count_to_bin >= cast({{ share }} as {{ type_double() }}) * value_count
                    and counted_bins.count_to_bin - counted_bins.reading_count
                    < cast({{ share }} as {{ type_double() }}) * value_count
                    then
                        tags.range_low + (tags.range_high - tags.range_low) * (
                            counted_bins.bin
                            + (
                                cast({{ share }} as {{ type_double() }}) * value_count
                                - (counted_bins.count_to_bin - counted_bins.reading_count)
                            ) / counted_bins.reading_count
                        ) / 64
            end
        ) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            *,
            cast(
                sum(reading_count) over (partition by reading_bucket_key order by bin) as bigint
            ) as count_to_bin,
            cast(sum(reading_count) over (partition by reading_bucket_key) as bigint) as value_count
        from {{ bins }} as bins
        where
            reading_count > 0
            {%- if is_incremental() %}
            and {{ is_looked_at }}
            and exists (select 1 from {{ buckets }} as buckets where buckets.reading_bucket_key = bins.reading_bucket_key)
            {%- endif %}
    ) as counted_bins
    inner join tags
        on counted_bins.tag_id = tags.tag_id
    group by counted_bins.reading_bucket_key
{%- endmacro %}

