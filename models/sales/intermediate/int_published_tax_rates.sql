with

published_facts as (

    select * from {{ ref('published_facts') }}

),

countries as (

    select * from {{ ref('stg_ref__countries') }}

),

tax_rates as (

    select * from {{ ref('stg_ref__tax_rates') }}

),

rate_intervals as (

    select
        country_code,
        tax_rate,
        effective_from,
        lead(effective_from) over (
            partition by country_code
            order by effective_from
        ) as effective_to
    from tax_rates
    where tax_class = 'standard'

),

final as (

    select
        published_facts.fact_id,

        published_facts.subject as country_code,
        case
            when published_facts.fact_id like '46%' then 'standard rates'
            else 'dated changes'
        end as published_kind,

        published_facts.published_value as published_rate,
        rate_intervals.tax_rate,

        coalesce(rate_intervals.tax_rate = published_facts.published_value, false) as is_in_force,

        published_facts.valid_on
    from published_facts
    inner join countries
        on published_facts.subject = countries.country_code
    left join rate_intervals
        on
            published_facts.subject = rate_intervals.country_code
            and published_facts.valid_on >= rate_intervals.effective_from
            and (
                rate_intervals.effective_to is null
                or published_facts.valid_on < rate_intervals.effective_to
            )
    where published_facts.statistic = 'standard_tax_rate'

)

select * from final
