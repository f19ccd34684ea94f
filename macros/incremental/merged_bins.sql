{#- The histogram of a level, merged from that of the level below; the parameter is that of merged_buckets(). -#}
{% macro merged_bins(children, parent_at, join_children='') %}
with

children as (

    select
        children.*,
        {{ parent_at }} as parent_at
    from {{ children }} as children
    {{ join_children }}

),

{% if is_incremental() -%}

stale as (

    select distinct
        tag_id,
        cast(parent_at as date) as parent_date,
        parent_at
    from children
    where revision > (select coalesce(max(revision), 0) from {{ this }})

),

{% endif -%}

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
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from stale
            where
                {%- if rewrites_whole_dates() %}
                stale.parent_date = cast(children.parent_at as date)
                {%- else %}
                stale.tag_id = children.tag_id
                and stale.parent_at = children.parent_at
                {%- endif %}
        )
    {%- endif %}
    group by tag_id, org_id, bin, parent_at

)

select * from final
{% endmacro %}
