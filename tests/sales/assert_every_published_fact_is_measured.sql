{#-
    A returned row is a published statistic that a company of this size should have and that the
    scorecard has for no subject: a fact cannot be passed by not being looked at. Rates of tax have
    a test of their own; a country, currency or department may be missing from the company.
-#}
with

published_facts as (

    select * from {{ ref('published_facts') }}

),

scorecard as (

    select * from {{ ref('fct_realism_scorecard') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

size as (

    select count(*) as order_count
    from orders

)

select distinct published_facts.statistic
from published_facts
cross join size
left join scorecard
    on published_facts.statistic = scorecard.statistic
where
    published_facts.statistic <> 'standard_tax_rate'
    and size.order_count >= published_facts.needed_orders
    and scorecard.fact_id is null
