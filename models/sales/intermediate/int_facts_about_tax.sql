with

published_tax_rates as (

    select * from {{ ref('int_published_tax_rates') }}

),

final as (

    select
        'share_of_published_tax_rates_in_force' as statistic,
        published_kind as subject,
        avg(cast(case when is_in_force then 1 else 0 end as {{ type_double() }}))
            as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from published_tax_rates
    group by published_kind

)

select * from final
