{#- The histogram of a level, merged from that of the level below; the parameter is that of merged_buckets(). -#}
{% macro merged_bins(children, parent_at, join_children='', days_around=0) %}
{%- set dates = touched_dates('bucket_date', dates_of_new(children), days_around) -%}
with

children as (

    select
        children.*,
        {{ parent_at }} as parent_at
    from (select * from {{ children }} where {{ dates }}) as children
    {{ join_children }}

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'parent_at') }} as reading_bucket_key,
        tag_id,
        org_id,

        bin,
        cast(sum(reading_count) as bigint) as reading_count,
        max(revision) as revision,

        parent_at as bucket_at,

        cast(parent_at as date) as bucket_date
    from children
    {{ where_bucket_has_news() }}
    group by tag_id, org_id, bin, parent_at

)

select * from final
{% endmacro %}
