{#-
    The columns of a roll-up that are computed from its mergeable state and the tag's resolution. Sums are whole numbers of
    resolution steps, so everything is exact until the last step.
-#}
{% macro finished_columns() -%}
    {{ value_of(
        'cast(value_sum as ' ~ type_double() ~ ')', 'resolution'
    ) }} / nullif(good_count + uncertain_count, 0) as average,
    case
        when good_count + uncertain_count > 1
            then resolution * sqrt(
                cast(
                    (good_count + uncertain_count) * value_square_sum - value_sum * value_sum
                    as {{ type_double() }}
                )
                / (good_count + uncertain_count)
                / (good_count + uncertain_count - 1)
            )
    end as standard_deviation,
    minimum,
    maximum,
    maximum - minimum as range,
    first_value,
    last_value,
    100 * cast(good_count as {{ type_double() }}) / reading_count as percent_good
{%- endmacro %}
