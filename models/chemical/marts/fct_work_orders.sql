with

work_orders as (

    select * from {{ ref('stg_cmms__work_orders') }}

),

steps as (

    select
        *,
        {{ epoch_seconds('lead(occurred_at) over (
            partition by work_order_id
            order by event_number
        )') }} - {{ epoch_seconds('occurred_at') }} as seconds_to_next
    from {{ ref('stg_cmms__work_order_events') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

lives as (

    select
        work_order_id,
        {{ arg_max('technician_user_id', 'event_number') }} as technician_user_id,
        {{ arg_max('event_kind', 'event_number') }} as last_step,
        {{ arg_max("case when event_kind = 'waiting_for_parts' then remark end", 'event_number') }}
            as waiting_remark,
        {{ arg_max("case when event_kind = 'completed' then remark end", 'event_number') }}
            as finding,
        cast(
            sum(case when event_kind = 'waiting_for_parts' then seconds_to_next else 0 end)
            as bigint
        ) as waiting_seconds,
        min(case when event_kind = 'scheduled' then occurred_at end) as scheduled_at,
        min(case when event_kind = 'started' then occurred_at end) as started_at,
        min(case when event_kind = 'completed' then occurred_at end) as completed_at,
        min(case when event_kind = 'closed' then occurred_at end) as closed_at
    from steps
    group by work_order_id

),

final as (

    select
        work_orders.work_order_id,
        work_orders.org_id,
        units.plant_id,
        work_orders.unit_id,
        work_orders.equipment_id,
        work_orders.tag_id,
        work_orders.opened_by_user_id,
        lives.technician_user_id,

        work_orders.work_order_number,
        work_orders.order_kind,
        work_orders.priority,
        case lives.last_step
            when 'resumed' then 'started'
            when 'waiting_for_parts' then 'waiting for parts'
            else coalesce(lives.last_step, 'opened')
        end as status,
        work_orders.title,
        work_orders.description,
        lives.waiting_remark,
        lives.finding,

        {{ epoch_seconds('lives.started_at') }} - {{ epoch_seconds('work_orders.opened_at') }}
            as seconds_to_start,
        coalesce(lives.waiting_seconds, 0) as waiting_seconds,
        {{ epoch_seconds('lives.completed_at') }} - {{ epoch_seconds('lives.started_at') }}
        - lives.waiting_seconds as work_seconds,
        {{ epoch_seconds('lives.completed_at') }} - {{ epoch_seconds('work_orders.opened_at') }}
            as seconds_to_completion,

        lives.completed_at is not null as is_completed,

        work_orders.opened_at,
        lives.scheduled_at,
        lives.started_at,
        lives.completed_at,
        lives.closed_at
    from work_orders
    inner join units
        on
            work_orders.org_id = units.org_id
            and work_orders.unit_id = units.unit_id
    left join lives
        on work_orders.work_order_id = lives.work_order_id

)

select * from final
