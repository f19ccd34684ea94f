{#-
    A level of the roll-ups from the level below: the state of each bucket of `minutes` minutes is merged from its children
    alone. An incremental run looks for buckets that no longer hold what their children hold, and merges only these.
-#}
{% macro merged_buckets(children, minutes) %}
with

children as (

    select
        *,
        {{ time_bucket('bucket_at', minutes) }} as parent_at
    from {{ children }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

{% if is_incremental() -%}

rolled_up as (

    select * from {{ this }}

),

children_by_parent as (

    select
        tag_id,
        bucket_date,
        parent_at,
        cast(sum(reading_count) as bigint) as reading_count,
        max(last_ingested_at) as last_ingested_at
    from children
    group by tag_id, bucket_date, parent_at

),

incomplete as (

    select
        children_by_parent.tag_id,
        children_by_parent.bucket_date,
        children_by_parent.parent_at
    from children_by_parent
    left join rolled_up
        on
            children_by_parent.tag_id = rolled_up.tag_id
            and children_by_parent.parent_at = rolled_up.bucket_at
    where
        rolled_up.tag_id is null
        or rolled_up.reading_count <> children_by_parent.reading_count
        or rolled_up.last_ingested_at <> children_by_parent.last_ingested_at

),

{% endif -%}

prepared as (

    select
        children.*,
        -- Children do not overlap, so the one that begins first holds the earliest of equal extremes.
        cast(round(children.minimum / tags.resolution) as bigint) * 1440
        + {{ minute_of_day('children.bucket_at') }} as minimum_order,
        cast(round(children.maximum / tags.resolution) as bigint) * 1440
        - {{ minute_of_day('children.bucket_at') }} as maximum_order
    from children
    inner join tags
        on children.tag_id = tags.tag_id
    {%- if is_incremental() %}
    where
        exists (
            select 1
            from incomplete
            where
                {%- if rewrites_whole_dates() %}
                incomplete.bucket_date = children.bucket_date
                {%- else %}
                incomplete.tag_id = children.tag_id
                and incomplete.parent_at = children.parent_at
                {%- endif %}
        )
    {%- endif %}

),

buckets as (

    select
        tag_id,

        cast(sum(reading_count) as bigint) as reading_count,
        cast(sum(good_count) as bigint) as good_count,
        cast(sum(uncertain_count) as bigint) as uncertain_count,
        cast(sum(bad_count) as bigint) as bad_count,
        cast(sum(late_count) as bigint) as late_count,
        count(*) as child_count,
        min(worst_quality) as worst_quality,

        cast(sum(value_sum) as {{ type_exact_integer() }}) as value_sum,
        cast(sum(value_square_sum) as {{ type_exact_integer() }}) as value_square_sum,
        min(minimum) as minimum,
        max(maximum) as maximum,
        {{ arg_min('first_value', 'bucket_at') }} as first_value,
        {{ arg_max('last_value', 'bucket_at') }} as last_value,

        parent_at as bucket_at,
        {{ arg_min('minimum_at', 'minimum_order') }} as minimum_at,
        {{ arg_max('maximum_at', 'maximum_order') }} as maximum_at,
        min(first_value_at) as first_value_at,
        max(last_value_at) as last_value_at,
        max(last_ingested_at) as last_ingested_at
    from prepared
    group by tag_id, parent_at

),

final as (

    select
        {{ reading_bucket_key('buckets.tag_id', 'buckets.bucket_at') }} as reading_bucket_key,
        buckets.tag_id,
        tags.org_id,

        buckets.reading_count,
        buckets.good_count,
        buckets.uncertain_count,
        buckets.bad_count,
        buckets.late_count,
        buckets.child_count,
        buckets.worst_quality,

        buckets.value_sum,
        buckets.value_square_sum,
        {{ finished_columns('buckets', 'tags') }},

        buckets.bucket_at,
        buckets.minimum_at,
        buckets.maximum_at,
        buckets.first_value_at,
        buckets.last_value_at,
        buckets.last_ingested_at,

        cast(buckets.bucket_at as date) as bucket_date
    from buckets
    inner join tags
        on buckets.tag_id = tags.tag_id

)

select * from final
{% endmacro %}
