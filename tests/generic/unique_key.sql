{% test unique_key(model, columns, cleaned=none) %}
{#- A returned row is a key that more than one row has. -#}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ cleaned or model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
