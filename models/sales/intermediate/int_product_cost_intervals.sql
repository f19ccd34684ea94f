with

product_costs as (

    select * from {{ ref('stg_pim__product_costs') }}

),

final as (

    select
        product_cost_key,
        product_id,

        unit_cost,

        effective_from,
        lead(effective_from) over (
            partition by product_id
            order by effective_from
        ) as effective_to
    from product_costs

)

select * from final
