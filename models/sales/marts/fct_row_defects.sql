with

-- An older copy beside the newer one is looked for, and found, as any second copy.
injected as (

    select
        *,
        case defect_kind when 'stale_duplicate' then 'duplicate' else defect_kind end
            as sought_kind
    from {{ ref('stg_truth__injected_defects') }}

),

found as (

    select * from {{ ref('int_row_defects') }}

),

scored as (

    select
        coalesce(injected.table_name, found.table_name) as table_name,
        coalesce(injected.row_key, found.row_key) as row_key,

        coalesce(injected.defect_kind, found.defect_kind) as defect_kind,
        coalesce(injected.column_name, found.column_name) as column_name,
        injected.true_value,
        injected.dirty_value,
        found.staged_value,
        coalesce(found.found_by, 'none') as found_by,
        case
            when found.outcome is not null then found.outcome
            when injected.defect_kind in ('late', 'out_of_order') then 'of no matter'
            else 'overlooked'
        end as outcome,

        injected.injected_defect_key is not null as is_injected,
        found.row_defect_key is not null as is_found,
        injected.is_repairable
    from injected
    full outer join found
        on
            injected.table_name = found.table_name
            and injected.row_key = found.row_key
            and injected.sought_kind = found.defect_kind

),

final as (

    select
        {{ surrogate_key(['table_name', 'row_key', 'defect_kind']) }} as row_defect_key,

        table_name,
        row_key,
        defect_kind,
        column_name,
        true_value,
        dirty_value,
        staged_value,
        found_by,
        outcome,

        is_injected,
        is_found,
        is_repairable
    from scored

)

select * from final
