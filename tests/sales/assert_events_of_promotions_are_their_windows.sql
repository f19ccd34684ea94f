{#-
    A returned row is an event that is no window, that holds nowhere or in two kinds of places, or the event of a promotion that
    does not exist or has another market or other days.
-#}
select
    events.event_id,
    events.starts_on,
    events.ends_on
from {{ ref('dim_business_events') }} as events
left join {{ ref('dim_promotions') }} as promotions
    on events.promotion_id = promotions.promotion_id
where
    events.day_count < 1
    or case when events.region_name is null then 0 else 1 end
    + case when events.market_code is null then 0 else 1 end
    + case when events.product_id is null or events.warehouse_id is null then 0 else 1 end <> 1
    or (
        events.event_type = 'promotion'
        and (
            promotions.promotion_id is null
            or events.market_code <> promotions.market_code
            or events.starts_on <> promotions.starts_on
            or events.ends_on <> promotions.ends_on
        )
    )
