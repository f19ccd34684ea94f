with

source as (

    select * from {{ source('truth', 'injected_defects') }}

),

final as (

    select
        {{ surrogate_key(['table_name', 'row_key']) }} as injected_defect_key,
        table_name,
        row_key,

        defect_kind,
        column_name,
        true_value,
        dirty_value,

        is_repairable,

        created_at,
        updated_at
    from source

)

select * from final
