{#-
    A returned row is a tag and a day (UTC) on which two levels of the roll-ups disagree in a count,
    an exact sum, an area or a duration.
-#}
{% set conserved = [
    'reading_count', 'duplicate_count', 'good_count', 'uncertain_count', 'late_count', 'value_sum',
    'value_square_sum', 'double_area', 'triple_square_area', 'duration_good_us',
    'duration_uncertain_us', 'duration_bad_us', 'duration_zero_us', 'transition_count',
    'increase_steps', 'decrease_count'
] %}
with

totals as (

    {% for level in ['minute', 'quarter_hour', 'hour', 'day'] %}
    select
        tag_id,
        {% for column in conserved %}
        coalesce(sum({{ column }}), 0) as {{ column }},
        {% endfor %}
        bucket_date
    from {{ ref('int_readings_by_' ~ level) }}
    group by tag_id, bucket_date
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

)

select
    tag_id,
    bucket_date
from totals
group by tag_id, bucket_date
having
    count(*) <> 4
    {%- for column in conserved %}
    or min({{ column }}) <> max({{ column }})
    {%- endfor %}
