{#-
    The minutes with readings whose links are made: all, or in an incremental run those that its CTE `changed` names with
    their neighbours, each with whether it was written since.
-#}
{% macro minutes_to_link() -%}
    select
        minutes.*
        {%- if is_incremental() %},
        minutes.revision > (select coalesce(max(built.revision), 0) from {{ this }} as built) as is_changed,
        changed.first_minute,
        changed.last_minute
        {%- endif %}
    from {{ ref('int_reading_minutes') }} as minutes
    {%- if is_incremental() %}
    inner join changed
        on
            minutes.tag_id = changed.tag_id
            and minutes.reading_minute between changed.context_first_minute
            and changed.context_last_minute
    {%- endif %}
{%- endmacro %}
