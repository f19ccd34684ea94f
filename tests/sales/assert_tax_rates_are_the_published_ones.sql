{#-
    A returned row is a published standard rate (facts 46 and 47) that the country's tax rates do
    not have on the day, exactly. Countries outside of the preset are not scored.
-#}
with

published_tax_rates as (

    select * from {{ ref('int_published_tax_rates') }}

)

select
    fact_id,
    country_code,
    published_rate,
    tax_rate
from published_tax_rates
where not is_in_force
