with

source as (

    select * from {{ source('cmms', 'calibrations') }}

),

final as (

    select
        calibration_id,
        org_id,
        tag_id,

        reason,

        as_found_error,
        as_left_error,

        calibrated_at,
        created_at,
        updated_at
    from source

)

select * from final
