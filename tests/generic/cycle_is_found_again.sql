{% test cycle_is_found_again(model, effect) %}
{#-
    A returned row is a customer type and a level of the effect, over all countries or in one of them, at which there are
    more or fewer orders than the plan put there: further off than 4.5 standard errors. Counts are a multinomial sample, so
    the variance of one is at most n (1 - n / all orders); n is the larger of the expected and the observed count, which
    keeps the test quiet where expectations are small. Single countries count from 30 expected orders on. Over medium's
    860 comparisons a false alarm comes with one seed in 170 at most.
-#}

with

expected as (

    select * from {{ ref('stg_truth__demand_factors') }}
    where effect = '{{ effect }}'

),

observed as (

    select * from {{ model }}
    where effect = '{{ effect }}'

),

counts as (

    select
        customer_type,
        country_code,
        effect_level,
        expected_orders,
        0 as observed_orders
    from expected
    union all
    select
        customer_type,
        country_code,
        effect_level,
        0 as expected_orders,
        order_count as observed_orders
    from observed

),

levels as (

    select
        customer_type,
        country_code,
        effect_level,
        sum(expected_orders) as expected_orders,
        cast(sum(observed_orders) as {{ type_double() }}) as observed_orders
    from counts
    group by customer_type, country_code, effect_level
    having sum(expected_orders) >= 30
    union all
    select
        customer_type,
        'all' as country_code,
        effect_level,
        sum(expected_orders) as expected_orders,
        cast(sum(observed_orders) as {{ type_double() }}) as observed_orders
    from counts
    group by customer_type, effect_level

),

all_orders as (

    select sum(expected_orders) as expected_orders from expected

),

deviations as (

    select
        levels.*,
        abs(levels.observed_orders - levels.expected_orders) / sqrt(
            greatest(levels.observed_orders, levels.expected_orders)
            * (1 - levels.expected_orders / all_orders.expected_orders)
        ) as standard_errors
    from levels
    cross join all_orders

)

select *
from deviations
where standard_errors > 4.5
{% endtest %}
