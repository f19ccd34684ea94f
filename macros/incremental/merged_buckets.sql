{#-
    A level of the roll-ups from the level below: the state of each bucket is merged from its children alone, and only where a
    child was written after the level was; its quantiles come from its histogram, `bins`. `parent_at` is the start of a child's
    bucket on this level, `parent_end_at` its end, both SQL expressions on `children`; `child_minutes` is the length of a child, and
    children of a bucket are at most `days_around` the dates of one another.
-#}
{% macro merged_buckets(children, bins, child_minutes, parent_at, parent_end_at, join_children='', days_around=0) %}
{%- set dates = touched_dates('bucket_date', dates_of_new(children), days_around) -%}
with

tags as (

    select * from {{ source('asset', 'tags') }}

),

children as (

    select
        children.*,
        {{ parent_at }} as parent_at,
        {{ parent_end_at }} as parent_end_at
    from (select * from {{ children }} where {{ dates }}) as children
    {{ join_children }}

),

buckets as (

    select
        {{ reading_bucket_key('tag_id', 'parent_at') }} as reading_bucket_key,
        tag_id,
        org_id,

        cast(sum(reading_count) as bigint) as reading_count,
        cast(sum(duplicate_count) as bigint) as duplicate_count,
        cast(sum(good_count) as bigint) as good_count,
        cast(sum(uncertain_count) as bigint) as uncertain_count,
        cast(sum(late_count) as bigint) as late_count,
        count(*) as child_count,
        min(worst_quality) as worst_quality,

        cast(sum(value_sum) as {{ type_wide_integer() }}) as value_sum,
        cast(sum(value_square_sum) as {{ type_wide_integer() }}) as value_square_sum,
        min(minimum_packed) as minimum_packed,
        max(maximum_packed) as maximum_packed,
        min(first_packed) as first_packed,
        max(last_packed) as last_packed,
        max(case when bucket_at = parent_at then start_bound_eighths end) as start_bound_eighths,
        max(
            case
                when bucket_at + interval '{{ child_minutes }} minutes' = parent_end_at
                    then end_bound_eighths
            end
        ) as end_bound_eighths,

        cast(sum(double_area) as {{ type_wide_integer() }}) as double_area,
        cast(sum(triple_square_area) as {{ type_wide_integer() }}) as triple_square_area,
        cast(sum(duration_good_us) as bigint) as duration_good_us,
        cast(sum(duration_uncertain_us) as bigint) as duration_uncertain_us,
        cast(sum(duration_bad_us) as bigint) as duration_bad_us,
        cast(sum(duration_zero_us) as bigint) as duration_zero_us,
        cast(sum(transition_count) as bigint) as transition_count,
        cast(sum(increase_steps) as bigint) as increase_steps,
        cast(sum(decrease_count) as bigint) as decrease_count,
        max(revision) as revision,

        parent_at as bucket_at,
        parent_end_at as bucket_end_at,
        max(last_ingested_at) as last_ingested_at
    from children
    {{ group_by_bucket_with_news() }}

),

quantiles as (

    {{ bucket_quantiles(bins, dates, 'buckets') }}

),

final as (

    select
        buckets.*,
        quantiles.p05,
        quantiles.p50,
        quantiles.p95,
        cast(buckets.bucket_at as date) as bucket_date
    from buckets
    left join quantiles
        on buckets.reading_bucket_key = quantiles.reading_bucket_key

)

select * from final
{% endmacro %}
