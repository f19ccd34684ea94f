{{ config(materialized='ephemeral') }}

with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

units as (

    select * from {{ ref('stg_asset__units') }}

),

plants as (

    select * from {{ ref('stg_asset__plants') }}

),

sites as (

    select * from {{ ref('stg_asset__sites') }}

),

final as (

    select
        tags.tag_id,
        sites.time_zone
    from tags
    inner join units
        on tags.unit_id = units.unit_id
    inner join plants
        on units.plant_id = plants.plant_id
    inner join sites
        on plants.site_id = sites.site_id

)

select * from final
