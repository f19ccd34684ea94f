{#-
    A returned row is a work order whose steps do not follow each other, or whose times do not add up, or whose status is not
    that of its last step.
-#}
select
    work_order_id,
    status
from {{ ref('fct_work_orders') }}
where
    opened_at > scheduled_at
    or scheduled_at > started_at
    or started_at > completed_at
    or completed_at > closed_at
    or waiting_seconds < 0
    or work_seconds < 0
    or seconds_to_start + waiting_seconds + work_seconds <> seconds_to_completion
    or is_completed <> (status in ('completed', 'closed'))
    or (closed_at is not null) <> (status = 'closed')
