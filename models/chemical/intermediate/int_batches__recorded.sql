with

batches as (

    select * from {{ ref('stg_batch__batches') }}

),

phases as (

    select * from {{ ref('stg_batch__phases') }}

),

phases_per_batch as (

    select
        org_id,
        unit_id,
        batch_id,
        count(*) as phase_count,
        {{ arg_max('phase_name', 'phase_no') }} as last_phase_name,
        min(phase_no) as first_phase_no,
        min(started_at) as first_started_at
    from phases
    group by org_id, unit_id, batch_id

),

under_way as (

    select phases_per_batch.*
    from phases_per_batch
    left join batches
        on
            phases_per_batch.org_id = batches.org_id
            and phases_per_batch.batch_id = batches.batch_id
    where batches.batch_id is null

),

final as (

    select
        batches.batch_id,
        batches.org_id,
        batches.unit_id,

        batches.recipe_code,
        batches.product_name,
        batches.unit_of_measure as yield_unit_of_measure,
        batches.status as batch_status,
        phases_per_batch.last_phase_name,

        coalesce(phases_per_batch.phase_count, 0) as phase_count,
        batches.yield_quantity,

        coalesce(phases_per_batch.first_started_at = batches.started_at, false)
            as is_recorded_from_its_start,

        batches.started_at,
        batches.ended_at
    from batches
    left join phases_per_batch
        on
            batches.org_id = phases_per_batch.org_id
            and batches.batch_id = phases_per_batch.batch_id

    union all

    select
        batch_id,
        org_id,
        unit_id,

        cast(null as {{ dbt.type_string() }}) as recipe_code,
        cast(null as {{ dbt.type_string() }}) as product_name,
        cast(null as {{ dbt.type_string() }}) as yield_unit_of_measure,
        'running' as batch_status,
        last_phase_name,

        phase_count,
        cast(null as {{ type_double() }}) as yield_quantity,

        first_phase_no = 1 as is_recorded_from_its_start,

        first_started_at as started_at,
        cast(null as {{ dbt.type_timestamp() }}) as ended_at
    from under_way

)

select * from final
