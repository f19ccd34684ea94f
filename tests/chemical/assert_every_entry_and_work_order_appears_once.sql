{#-
    A returned row is an entry of the logbook or a work order that its mart lacks, has twice, or has with another time.
-#}
with

written as (

    select
        'entry' as document_kind,
        entry_id as document_id,
        written_at
    from {{ ref('stg_logbook__entries') }}
    union all
    select
        'work order' as document_kind,
        work_order_id as document_id,
        opened_at as written_at
    from {{ ref('stg_cmms__work_orders') }}

),

found as (

    select
        'entry' as document_kind,
        entry_id as document_id,
        written_at
    from {{ ref('fct_logbook_entries') }}
    union all
    select
        'work order' as document_kind,
        work_order_id as document_id,
        opened_at as written_at
    from {{ ref('fct_work_orders') }}

),

counted as (

    select
        document_kind,
        document_id,
        count(*) as row_count,
        max(written_at) as written_at
    from found
    group by
        document_kind,
        document_id

)

select
    coalesce(written.document_kind, counted.document_kind) as document_kind,
    coalesce(written.document_id, counted.document_id) as document_id,
    counted.row_count
from written
full outer join counted
    on
        written.document_kind = counted.document_kind
        and written.document_id = counted.document_id
where
    written.document_id is null
    or counted.document_id is null
    or counted.row_count <> 1
    or counted.written_at <> written.written_at
