with

promotions as (

    select * from {{ ref('dim_promotions') }}

),

promotion_products as (

    select * from {{ ref('stg_mkt__promotion_products') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

business_events as (

    select * from {{ ref('stg_truth__business_events') }}

),

person_lines as (

    select
        orders.market_code,
        order_lines.product_id,
        order_lines.promotion_id,
        order_lines.quantity,
        order_lines.discount_amount_eur,
        order_lines.net_amount_eur,
        orders.order_date
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    where orders.customer_type = 'person'

),

windows as (

    select
        promotions.promotion_id,
        person_lines.product_id,
        person_lines.order_date >= promotions.starts_on as is_during,
        person_lines.promotion_id = promotions.promotion_id as is_granted,
        promotion_products.product_id is not null as is_included,
        person_lines.quantity,
        person_lines.discount_amount_eur,
        person_lines.net_amount_eur
    from promotions
    inner join person_lines
        on
            promotions.market_code = person_lines.market_code
            and person_lines.order_date
            >= cast({{ dbt.dateadd('day', -28, 'promotions.starts_on') }} as date)
            and promotions.ends_on >= person_lines.order_date
    left join promotion_products
        on
            promotions.promotion_id = promotion_products.promotion_id
            and person_lines.product_id = promotion_products.product_id

),

counts as (

    select
        promotion_id,
        cast(sum(case when is_granted then 1 else 0 end) as {{ dbt.type_int() }}) as line_count,
        cast(sum(case when is_granted then quantity else 0 end) as {{ dbt.type_int() }})
            as unit_count,
        cast(sum(case when is_granted then discount_amount_eur else 0 end) as {{ type_money() }})
            as discount_amount_eur,
        cast(sum(case when is_granted then net_amount_eur else 0 end) as {{ type_money() }})
            as net_amount_eur,
        cast(sum(case when is_during and is_included then 1 else 0 end) as {{ type_double() }})
            as included_during,
        cast(sum(case when is_during and not is_included then 1 else 0 end) as {{ type_double() }})
            as others_during,
        cast(sum(case when not is_during and is_included then 1 else 0 end) as {{ type_double() }})
            as included_before,
        cast(
            sum(
                case when not is_during and not is_included then 1 else 0 end
            ) as {{ type_double() }}
        )
            as others_before
    from windows
    group by promotion_id

),

true_lifts as (

    select
        event_id,
        true_effect as true_lift
    from business_events
    where event_type = 'promotion'

),

final as (

    select
        promotions.promotion_id,

        promotions.promotion_type,
        promotions.market_code,

        promotions.discount_rate,
        promotions.product_count,
        coalesce(counts.line_count, 0) as line_count,
        coalesce(counts.unit_count, 0) as unit_count,
        cast(coalesce(counts.discount_amount_eur, 0) as {{ type_money() }}) as discount_amount_eur,
        cast(coalesce(counts.net_amount_eur, 0) as {{ type_money() }}) as net_amount_eur,
        case
            when counts.included_before >= 20
                and counts.others_before > 0
                and counts.others_during > 0
                then {{ as_rate(
                    '(counts.included_during / counts.others_during)'
                    ~ ' / (counts.included_before / counts.others_before)'
                ) }}
        end as measured_lift,
        true_lifts.true_lift,

        promotions.starts_on,
        promotions.ends_on
    from promotions
    left join counts
        on promotions.promotion_id = counts.promotion_id
    left join true_lifts
        on
            'promotion-' || cast(promotions.promotion_id as {{ dbt.type_string() }})
            = true_lifts.event_id

)

select * from final
