with

units as (

    select * from {{ ref('stg_asset__units') }}

),

plants as (

    select * from {{ ref('stg_asset__plants') }}

),

sites as (

    select * from {{ ref('stg_asset__sites') }}

),

organizations as (

    select * from {{ ref('stg_iam__organizations') }}

),

final as (

    select
        units.unit_id,
        units.org_id,
        sites.site_id,
        units.plant_id,

        units.unit_code,
        units.unit_name,
        units.description as unit_description,
        units.process_model,
        plants.plant_code,
        plants.plant_name,
        sites.site_code,
        sites.site_name,
        sites.city,
        sites.country_code,
        sites.time_zone,
        sites.site_code || '-' || plants.plant_code as console_code,
        organizations.org_code,
        organizations.org_name,

        units.commissioned_on as commissioned_date
    from units
    inner join plants
        on
            units.org_id = plants.org_id
            and units.plant_id = plants.plant_id
    inner join sites
        on
            plants.org_id = sites.org_id
            and plants.site_id = sites.site_id
    inner join organizations
        on units.org_id = organizations.org_id

)

select * from final
