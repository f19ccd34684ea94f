with

source as (

    select * from {{ source('meta', 'generation_manifest') }}

),

final as (

    select
        path,
        table_name,
        part,
        sha256,
        preset,
        version,

        row_count,
        byte_count,
        seed,

        horizon_at
    from source

)

select * from final
