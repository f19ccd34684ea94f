with

entries as (

    select * from {{ ref('stg_logbook__entries') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

final as (

    select
        entries.entry_id,
        entries.org_id,
        units.plant_id,
        entries.unit_id,
        entries.equipment_id,
        entries.tag_id,
        entries.author_user_id,

        units.console_code,
        entries.shift,
        entries.team,
        entries.category,
        entries.entry_text,

        cast(entries.written_at as date) as written_date,

        entries.written_at
    from entries
    inner join units
        on
            entries.org_id = units.org_id
            and entries.unit_id = units.unit_id

)

select * from final
