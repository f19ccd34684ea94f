{#-
    A returned row is a file that holds readings of another unit's tag, or of another
    organization.
-#}
with

tags_per_file as (

    select distinct
        file_id,
        tag_id,
        org_id
    from {{ ref('stg_historian__readings') }}

),

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

)

select
    tags_per_file.file_id,
    tags_per_file.tag_id
from tags_per_file
inner join ingest_files
    on tags_per_file.file_id = ingest_files.file_id
inner join tags
    on tags_per_file.tag_id = tags.tag_id
where
    ingest_files.unit_id <> tags.unit_id
    or ingest_files.org_id <> tags.org_id
    or tags_per_file.org_id <> tags.org_id
