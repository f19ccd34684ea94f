with

organizations as (

    select * from {{ ref('stg_iam__organizations') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

tags_per_organization as (

    select
        org_id,
        count(*) as tag_count
    from {{ ref('stg_asset__tags') }}
    group by org_id

),

units_per_organization as (

    select
        org_id,
        count(distinct site_id) as site_count,
        count(distinct plant_id) as plant_count,
        count(*) as unit_count,
        count(distinct country_code) as country_count
    from units
    group by org_id

),

final as (

    select
        organizations.org_id,

        organizations.org_code,
        organizations.org_name,
        organizations.description as org_description,

        coalesce(units_per_organization.country_count, 0) as country_count,
        coalesce(units_per_organization.site_count, 0) as site_count,
        coalesce(units_per_organization.plant_count, 0) as plant_count,
        coalesce(units_per_organization.unit_count, 0) as unit_count,
        coalesce(tags_per_organization.tag_count, 0) as tag_count
    from organizations
    left join units_per_organization
        on organizations.org_id = units_per_organization.org_id
    left join tags_per_organization
        on organizations.org_id = tags_per_organization.org_id

)

select * from final
