with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

persons_by_day as (

    select
        dates.date_day,
        dates.year_number,
        dates.month_number,
        dates.quarter_number,
        dates.iso_weekday,
        dates.day_of_month,
        sum(revenue.order_count) as order_count
    from revenue
    inner join dates
        on revenue.order_date = dates.date_day
    where revenue.customer_type = 'person'
    group by
        dates.date_day, dates.year_number, dates.month_number, dates.quarter_number,
        dates.iso_weekday, dates.day_of_month

),

totals as (

    select
        cast(sum(order_count) as {{ type_double() }}) as all_orders,
        cast(sum(case when quarter_number = 4 then order_count else 0 end) as {{ type_double() }})
            as fourth_quarter,
        cast(sum(case when quarter_number = 3 then order_count else 0 end) as {{ type_double() }})
            as third_quarter,
        cast(avg(case when month_number >= 11 then order_count end) as {{ type_double() }})
            as season_day,
        cast(
            avg(
                case
                    when
                        iso_weekday = 1
                        and (
                            month_number = 11 and day_of_month >= 26
                            or month_number = 12 and day_of_month <= 2
                        )
                        then order_count
                end
            ) as {{ type_double() }}
        ) as cyber_monday
    from persons_by_day

),

final as (

    select
        'orders_of_persons_fourth_to_third_quarter' as statistic,
        'all' as subject,
        cast(fourth_quarter / third_quarter as {{ type_double() }}) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from totals
    union all
    select
        'orders_of_persons_cyber_monday_to_season_day' as statistic,
        'all' as subject,
        cast(cyber_monday / season_day as {{ type_double() }}) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from totals

)

select * from final
