{% test foreign_key(model, columns, to, to_columns, cleaned=none) %}
{#- A returned row is a key of the child, null in no column, that the parent does not have. -#}

with

children as (

    select distinct {{ columns | join(', ') }}
    from {{ cleaned or model }}
    where {% for column in columns %}{{ " and " if not loop.first }}{{ column }} is not null{% endfor %}

)

select children.*
from children
left join {{ to }} as parents
    on
        {% for column in columns -%}
        {{ "and " if not loop.first }}children.{{ column }} = parents.{{ to_columns[loop.index0] }}
        {% endfor %}
where parents.{{ to_columns[0] }} is null
{% endtest %}
