{#-
    The minutes of the CTE `looked_at` whose links are made: all, or in an increment those that its CTE `changed` names, with their
    neighbours, each with whether it was written since.
-#}
{% macro minutes_to_link() -%}
    select
        minutes.*
        {%- if is_incremental() %},
        {{ is_new('minutes.revision') }} as is_changed,
        changed.first_minute,
        changed.last_minute
        {%- endif %}
    from looked_at as minutes
    {%- if is_incremental() %}
    inner join changed
        on
            minutes.tag_id = changed.tag_id
            and minutes.reading_minute between changed.context_first_minute
            and changed.context_last_minute
    {%- endif %}
{%- endmacro %}

{#-
    The condition that a row's minute, and so its date, is between the first and the last that are looked at to make links; in a full
    build any minute is. They are constants, which choose files and row groups.
-#}
{% macro is_looked_at() -%}
    {%- if not (execute and is_incremental()) -%}
        true
    {%- else -%}
        {%- set span -%}
            select
                min(context_first_minute) as first_minute,
                max(context_last_minute) as last_minute,
                cast({{ minute_at('min(context_first_minute)') }} as date) as first_date,
                cast({{ minute_at('max(context_last_minute)') }} as date) as last_date
            from ({{ changed_reading_minutes(ref('int_reading_minutes')) }}) as changed
        {%- endset -%}
        {%- set first_minute, last_minute, first_date, last_date = run_query(span).rows[0].values() -%}
        {%- if first_minute is none -%}
            false
        {%- else -%}
            bucket_date between '{{ first_date }}' and '{{ last_date }}'
            and mod(reading_bucket_key, 1000000000) between {{ first_minute }} and {{ last_minute }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
