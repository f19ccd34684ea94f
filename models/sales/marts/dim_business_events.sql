with

events as (

    select * from {{ ref('stg_truth__business_events') }}

),

promotions as (

    select * from {{ ref('dim_promotions') }}

),

scoped as (

    select
        *,
        case when scope_kind = 'region' then scope_value end as region_name,
        case when scope_kind = 'market' then scope_value end as market_code,
        case
            when scope_kind = 'product_and_warehouse'
                then split_part(scope_value, '/', 1)
        end as product_id,
        case
            when scope_kind = 'product_and_warehouse'
                then cast(split_part(scope_value, '/', 2) as smallint)
        end as warehouse_id
    from events

),

final as (

    select
        scoped.event_id,
        promotions.promotion_id,
        scoped.product_id,
        scoped.warehouse_id,

        scoped.event_type,
        scoped.region_name,
        scoped.market_code,

        scoped.true_effect,
        cast(
            {{ dbt.datediff('scoped.starts_on', 'scoped.ends_on', 'day') }} + 1
            as {{ dbt.type_int() }}
        ) as day_count,

        scoped.starts_on,
        scoped.ends_on
    from scoped
    left join promotions
        on
            scoped.event_id
            = 'promotion-' || cast(promotions.promotion_id as {{ dbt.type_string() }})

)

select * from final
