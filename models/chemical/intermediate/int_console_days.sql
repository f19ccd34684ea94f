with

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

final as (

    select distinct
        {{ surrogate_key(['units.plant_id', 'ingest_files.event_date']) }} as console_day_key,
        units.org_id,
        units.site_id,
        units.plant_id,

        units.console_code,

        cast(date_trunc('month', ingest_files.event_date) as date) as month_date,
        ingest_files.event_date as day_date
    from ingest_files
    inner join units
        on
            ingest_files.org_id = units.org_id
            and ingest_files.unit_id = units.unit_id

)

select * from final
