with

tens as (

    select tens.number_of_hours from (values (0), (10), (20)) as tens (number_of_hours)

),

ones as (

    select ones.number_of_hours
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ones (number_of_hours)

),

hours as (

    select tens.number_of_hours + ones.number_of_hours as hour_of_day
    from tens
    cross join ones
    where tens.number_of_hours + ones.number_of_hours < 24

),

final as (

    select
        cast(hour_of_day as {{ dbt.type_int() }}) as hour_of_day,

        lpad(cast(hour_of_day as {{ dbt.type_string() }}), 2, '0') || ':00' as hour_label,
        case
            when hour_of_day < 6 then 'night'
            when hour_of_day < 12 then 'morning'
            when hour_of_day < 18 then 'afternoon'
            else 'evening'
        end as part_of_day,

        hour_of_day >= 8 and hour_of_day < 18 as is_office_hour
    from hours

)

select * from final
