{%- set subjects = [
    'concentration', 'customers', 'exchange', 'fulfilment', 'orders', 'payments', 'prices',
    'products', 'quotas', 'receivables', 'returns', 'seasons', 'tax',
] -%}
with

published_facts as (

    select * from {{ ref('published_facts') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

statistics as (

    {% for subject in subjects -%}
    select
        statistic,
        subject,
        statistic_value,
        sample_size
    from {{ ref('int_facts_about_' ~ subject) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}

),

size as (

    select count(*) as order_count
    from orders

),

measured as (

    -- A share of counts may leave its band by 4.5 standard errors of a binomial sample, so that a
    -- small company is not blamed for chance; one whose samples are too small is not measured.
    select
        statistic,
        subject,
        statistic_value,
        case
            when sample_size is null then 0
            else 4.5 * sqrt(statistic_value * (1 - statistic_value) / sample_size)
        end as tolerance
    from statistics
    where statistic_value is not null

),

final as (

    select
        published_facts.fact_id,

        published_facts.statement,
        published_facts.statistic,
        published_facts.subject,
        published_facts.unit,
        published_facts.scope,
        published_facts.band,
        published_facts.source,

        cast(measured.statistic_value as {{ type_rate() }}) as measured_value,
        cast(measured.tolerance as {{ type_rate() }}) as tolerance,
        published_facts.published_value,
        published_facts.low,
        published_facts.high,

        measured.statistic_value
        >= cast(published_facts.low as {{ type_double() }}) - measured.tolerance
        and (
            published_facts.high is null
            or measured.statistic_value
            <= cast(published_facts.high as {{ type_double() }}) + measured.tolerance
        ) as is_inside,
        published_facts.is_binding and size.order_count >= published_facts.needed_orders
            as is_binding
    from published_facts
    inner join measured
        on
            published_facts.statistic = measured.statistic
            and published_facts.subject = measured.subject
    cross join size

)

select * from final
