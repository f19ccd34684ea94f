with

source as (

    select * from {{ source('ref', 'country_holidays') }}

),

final as (

    select
        {{ surrogate_key(['country_code', 'holiday_date', 'holiday_name']) }}
            as country_holiday_key,

        country_code,
        holiday_name,

        holiday_date,

        created_at,
        updated_at
    from source

)

select * from final
