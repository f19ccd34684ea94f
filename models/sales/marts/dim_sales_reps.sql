with

sales_reps as (

    select * from {{ ref('stg_crm__sales_reps') }}

),

territories as (

    select * from {{ ref('stg_crm__territories') }}

),

territory_assignments as (

    select * from {{ ref('stg_crm__territory_assignments') }}

),

departures as (

    select
        rep_id,
        max(effective_from) as left_on
    from territory_assignments
    where assignment_status = 'ended'
    group by rep_id

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

final as (

    select
        sales_reps.rep_id,
        sales_reps.manager_rep_id,
        sales_reps.territory_id,

        sales_reps.full_name,
        sales_reps.email,
        sales_reps.job_title,
        managers.full_name as manager_name,
        territories.territory_name,
        case territories.territory_level
            when 2 then territories.territory_name
            when 3 then parents.territory_name
        end as region_name,
        territories.country_code,

        departures.left_on is null or departures.left_on > horizon.as_of_date as is_employed,

        sales_reps.hired_on,
        departures.left_on
    from sales_reps
    inner join territories
        on sales_reps.territory_id = territories.territory_id
    left join territories as parents
        on territories.parent_territory_id = parents.territory_id
    left join sales_reps as managers
        on sales_reps.manager_rep_id = managers.rep_id
    left join departures
        on sales_reps.rep_id = departures.rep_id
    cross join horizon

)

select * from final
