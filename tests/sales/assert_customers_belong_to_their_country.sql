{#-
    A returned row is a customer whose currency or territory is not that of the country, whose
    representative looks after another territory, a person with a representative, an account
    without, or one whose present representative has left.
-#}
with

customers as (

    select * from {{ ref('dim_customer_versions') }}

),

won_customers as (

    select * from {{ ref('stg_crm__customers') }}

),

countries as (

    select * from {{ ref('stg_ref__countries') }}

),

territories as (

    select * from {{ ref('stg_crm__territories') }}

),

sales_reps as (

    select * from {{ ref('dim_sales_reps') }}

)

select
    customers.customer_version_key,
    customers.customer_type,
    customers.country_code
from customers
inner join won_customers
    on customers.customer_id = won_customers.customer_id
inner join countries
    on customers.country_code = countries.country_code
inner join territories
    on won_customers.territory_id = territories.territory_id
left join sales_reps
    on customers.rep_id = sales_reps.rep_id
where
    won_customers.currency_code <> countries.currency_code
    or territories.country_code is null
    or customers.country_code <> territories.country_code
    or won_customers.territory_id <> sales_reps.territory_id
    or (customers.customer_type = 'account') <> (customers.rep_id is not null)
    or (customers.is_current and not sales_reps.is_employed)
