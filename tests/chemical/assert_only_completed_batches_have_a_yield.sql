{#- A returned row is an aborted batch with a yield, or a completed one without. -#}
select
    batch_id,
    status,
    yield_quantity
from {{ ref('stg_batch__batches') }}
where
    (status = 'completed' and yield_quantity <= 0)
    or (status = 'aborted' and yield_quantity <> 0)
