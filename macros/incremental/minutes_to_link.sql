{#-
    The minutes with readings of these dates whose links are made: all, or in an incremental run those that its CTE `changed` names
    with their neighbours, each with whether it was written since.
-#}
{% macro minutes_to_link(dates) -%}
    select
        minutes.*
        {%- if is_incremental() %},
        minutes.revision > (select coalesce(max(built.revision), 0) from {{ this }} as built) as is_changed,
        changed.first_minute,
        changed.last_minute
        {%- endif %}
    from (select * from {{ ref('int_reading_minutes') }} where {{ dates }}) as minutes
    {%- if is_incremental() %}
    inner join changed
        on
            minutes.tag_id = changed.tag_id
            and minutes.reading_minute between changed.context_first_minute
            and changed.context_last_minute
    {%- endif %}
{%- endmacro %}

{#-
    The condition that a `bucket_date` is between the first and the last that minutes to be linked have. In a full build any is, and
    where whole dates are rewritten: which ones depends on the tags, an ephemeral model, which a query apart cannot read.
-#}
{% macro linked_dates() -%}
    {%- if not (execute and is_incremental()) or rewrites_whole_dates() -%}
        true
    {%- else -%}
        {%- set span -%}
            select
                cast({{ minute_at('min(context_first_minute)') }} as date) as first_date,
                cast({{ minute_at('max(context_last_minute)') }} as date) as last_date
            from ({{ changed_reading_minutes() }}) as changed
        {%- endset -%}
        {%- set first_date, last_date = run_query(span).rows[0].values() -%}
        {{ "bucket_date between '" ~ first_date ~ "' and '" ~ last_date ~ "'" if first_date else 'false' }}
    {%- endif -%}
{%- endmacro %}
