with

source as (

    select * from {{ source('batch', 'batches') }}

),

final as (

    select
        batch_id,
        org_id,
        unit_id,

        recipe_code,
        product_name,
        unit_of_measure,
        status,

        yield_quantity,

        started_at,
        ended_at,
        created_at,
        updated_at
    from source

)

select * from final
