with

territories as (

    select * from {{ ref('stg_crm__territories') }}

),

final as (

    select
        territories.territory_id,
        territories.parent_territory_id,

        territories.territory_name,
        parents.territory_name as parent_territory_name,
        case territories.territory_level
            when 1 then 'world'
            when 2 then 'region'
            else 'country'
        end as territory_kind,
        territories.country_code
    from territories
    left join territories as parents
        on territories.parent_territory_id = parents.territory_id

)

select * from final
