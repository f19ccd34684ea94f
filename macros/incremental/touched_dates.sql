{#-
    The condition that a `column` has a date that a run looks at: in a full build any, in an increment the dates of `query` and
    `days_around` them. They are constants, which choose files and row groups, where a join would read all and put rows in another
    order.
-#}
{% macro touched_dates(column, query, days_around=0) -%}
    {%- if not (execute and is_incremental()) -%}
        true
    {%- else -%}
        {%- set dates = [] -%}
        {%- for date in run_query(query).columns[0].values() -%}
            {%- for days in range(-days_around, days_around + 1) -%}
                {%- do dates.append("'" ~ (date + modules.datetime.timedelta(days=days)) ~ "'") -%}
            {%- endfor -%}
        {%- endfor -%}
        {{ column ~ ' between ' ~ dates | min ~ ' and ' ~ dates | max ~ ' and ' ~ column ~ ' in (' ~ dates | unique | join(', ') ~ ')'
            if dates else 'false' }}
    {%- endif -%}
{%- endmacro %}

{#- Dates on which rows of a level below were written after this level was. -#}
{% macro dates_of_new(children) -%}
    select distinct bucket_date
    from {{ children }} as children
    where {{ is_new() }}
{%- endmacro %}
