{#-
    A returned row is an order on whose date its sales representative was not assigned to the
    territory of the order's country.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}
    where rep_id is not null

),

territory_assignments as (

    select * from {{ ref('stg_crm__territory_assignments') }}

),

territories as (

    select * from {{ ref('stg_crm__territories') }}

),

statuses as (

    select
        territory_assignments.rep_id,
        territories.country_code,
        territory_assignments.assignment_status,
        territory_assignments.effective_from,
        lead(territory_assignments.effective_from) over (
            partition by territory_assignments.rep_id, territory_assignments.territory_id
            order by territory_assignments.effective_from
        ) as effective_to
    from territory_assignments
    inner join territories
        on territory_assignments.territory_id = territories.territory_id

)

select
    orders.order_id,
    orders.rep_id,
    orders.country_code,
    orders.order_date
from orders
left join statuses
    on
        orders.rep_id = statuses.rep_id
        and orders.country_code = statuses.country_code
        and statuses.assignment_status = 'active'
        and orders.order_date >= statuses.effective_from
        and (statuses.effective_to is null or orders.order_date < statuses.effective_to)
where statuses.rep_id is null
