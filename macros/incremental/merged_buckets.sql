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

-- From the table itself: a CTE that is read twice is kept whole in memory.
children_by_parent as (

    select
        tag_id,
        bucket_date,
        {{ time_bucket('bucket_at', minutes) }} as parent_at,
        cast(sum(reading_count) as bigint) as reading_count,
        max(last_ingested_at) as last_ingested_at
    from {{ children }}
    group by tag_id, bucket_date, {{ time_bucket('bucket_at', minutes) }}

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
        tags.resolution,
        -- Children do not overlap, so the one that begins first holds the earliest of equal extremes.
        {{ steps_of('children.minimum', 'tags.resolution') }} * 1440
        + {{ minute_of_day('children.bucket_at') }} as minimum_order,
        {{ steps_of('children.maximum', 'tags.resolution') }} * 1440
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
        org_id,

        cast(sum(reading_count) as bigint) as reading_count,
        cast(sum(good_count) as bigint) as good_count,
        cast(sum(uncertain_count) as bigint) as uncertain_count,
        cast(sum(bad_count) as bigint) as bad_count,
        cast(sum(late_count) as bigint) as late_count,
        count(*) as child_count,
        min(worst_quality) as worst_quality,

        cast(sum(value_sum) as {{ type_exact_integer() }}) as value_sum,
        cast(sum(value_square_sum) as {{ type_exact_integer() }}) as value_square_sum,
        resolution,
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
    group by tag_id, org_id, resolution, parent_at

),

final as (

    select
        {{ reading_bucket_key('tag_id', 'bucket_at') }} as reading_bucket_key,
        tag_id,
        org_id,

        reading_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        child_count,
        worst_quality,

        value_sum,
        value_square_sum,
        {{ finished_columns() }},

        bucket_at,
        minimum_at,
        maximum_at,
        first_value_at,
        last_value_at,
        last_ingested_at,

        cast(bucket_at as date) as bucket_date
    from buckets

)

select * from final
{% endmacro %}
