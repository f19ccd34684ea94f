with

source as (

    select * from {{ source('truth', 'logbook_subjects') }}

),

final as (

    select
        entry_id * 1000 + subject_number as logbook_subject_key,
        org_id,
        entry_id,
        fault_id,
        defect_id,
        trip_id,
        sample_id,
        work_order_id,

        aspect,

        subject_number,

        created_at,
        updated_at
    from source

)

select * from final
