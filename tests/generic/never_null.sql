{% test never_null(model, columns, cleaned=none) %}
{#- A returned row has a null in a column that the contract declares as never null. One scan for all columns. -#}

select *
from {{ cleaned or model }}
where
    {% for column in columns -%}
    {{ "or " if not loop.first }}{{ column }} is null
    {% endfor %}
{% endtest %}
