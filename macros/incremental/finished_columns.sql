{#-
    The columns of a roll-up that are computed from its mergeable state; `buckets` holds the state and `tags` the
    resolution. Exact until the last step: sums are whole numbers of resolution steps.
-#}
{% macro finished_columns(buckets, tags) -%}
    {%- set values = buckets ~ '.good_count + ' ~ buckets ~ '.uncertain_count' -%}
    case
        when {{ values }} > 0
            then cast({{ buckets }}.value_sum as {{ type_double() }})
                * {{ tags }}.resolution / ({{ values }})
    end as average,
    case
        when {{ values }} > 1
            then {{ tags }}.resolution * sqrt(
                cast(
                    ({{ values }}) * {{ buckets }}.value_square_sum
                    - {{ buckets }}.value_sum * {{ buckets }}.value_sum as {{ type_double() }}
                ) / (cast({{ values }} as {{ type_double() }}) * ({{ values }} - 1))
            )
    end as standard_deviation,
    {{ buckets }}.minimum,
    {{ buckets }}.maximum,
    {{ buckets }}.maximum - {{ buckets }}.minimum as range,
    {{ buckets }}.first_value,
    {{ buckets }}.last_value,
    100 * cast({{ buckets }}.good_count as {{ type_double() }})
        / {{ buckets }}.reading_count as percent_good
{%- endmacro %}
