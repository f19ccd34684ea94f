with

source as (

    select * from {{ source('crm', 'territories') }}

),

final as (

    select
        territory_id,
        parent_territory_id,

        territory_name,
        country_code,

        territory_level,

        created_at,
        updated_at
    from source

)

select * from final
