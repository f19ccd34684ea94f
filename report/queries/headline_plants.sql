-- One row: the size of the fleet of plants.
select
    (select count(*) from chemical.dim_organizations) as organizations,
    (select count(*) from chemical.dim_units) as units,
    (select count(*) from chemical.dim_tags) as tags,
    (select cast(sum(reading_count) as bigint) from chemical.fct_readings_by_day) as readings,
    (
        select count(*) from chemical.fct_alarms
        where is_annunciated
    ) as alarms,
    (select count(*) from chemical.fct_fault_episodes) as faults
