{% test unique_number(model, column_name) %}
{#-
    A returned row is sixty numbers in a row with one among them that more than one row has. Where nearly all numbers are
    taken, this proves what `unique` does for a tenth of the price: there is a group for sixty rows, not for each. Whole
    numbers, not negative.
-#}

select
    min({{ column_name }}) as first_number,
    max({{ column_name }}) as last_number,
    count(*) as row_count
from {{ model }}
where {{ column_name }} is not null
group by {{ whole_quotient(column_name, 60) }}
having count(*) > {{ distinct_small_numbers('mod(' ~ column_name ~ ', 60)') }}
{% endtest %}
