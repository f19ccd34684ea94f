with

source as (

    select * from {{ source('pim', 'product_categories') }}

),

final as (

    select
        category_id,
        parent_category_id,

        category_name,
        tax_class,

        category_level,

        created_at,
        updated_at
    from source

)

select * from final
