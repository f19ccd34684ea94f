{#-
    A returned row is a file whose ledger entry is not what its readings say: how many, from when
    to when, of which day.
-#}
with

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

readings_per_file as (

    select
        file_id,
        count(*) as reading_count,
        min(org_id) as first_org_id,
        max(org_id) as last_org_id,
        min(event_date) as first_event_date,
        max(event_date) as last_event_date,
        min(measured_at) as first_measured_at,
        max(measured_at) as last_measured_at,
        max(ingested_at) as last_ingested_at
    from {{ ref('stg_historian__readings') }}
    group by file_id

)

select
    ingest_files.file_id,
    readings_per_file.file_id as file_id_of_readings
from ingest_files
full outer join readings_per_file
    on ingest_files.file_id = readings_per_file.file_id
where
    ingest_files.file_id is null
    or readings_per_file.file_id is null
    or readings_per_file.reading_count <> ingest_files.reading_count
    or readings_per_file.first_org_id <> ingest_files.org_id
    or readings_per_file.last_org_id <> ingest_files.org_id
    or readings_per_file.first_event_date <> ingest_files.event_date
    or readings_per_file.last_event_date <> ingest_files.event_date
    or readings_per_file.first_measured_at <> ingest_files.first_measured_at
    or readings_per_file.last_measured_at <> ingest_files.last_measured_at
    or cast(readings_per_file.first_measured_at as date) <> ingest_files.event_date
    or cast(readings_per_file.last_measured_at as date) <> ingest_files.event_date
    or readings_per_file.last_ingested_at > ingest_files.arrived_at
