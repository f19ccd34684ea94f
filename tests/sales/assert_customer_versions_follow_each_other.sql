{#-
    A returned row is a version of a customer that does not begin where the one before ends, or a
    customer without exactly one current version.
-#}
with

versions as (

    select * from {{ ref('dim_customer_versions') }}

),

successive_versions as (

    select
        customer_id,
        version_number,
        valid_from,
        valid_to,
        is_current,
        lag(valid_to) over (partition by customer_id order by version_number) as previous_valid_to,
        sum(case when is_current then 1 else 0 end) over (partition by customer_id)
            as current_count
    from versions

)

select *
from successive_versions
where
    current_count <> 1
    or valid_to <= valid_from
    or (version_number > 1 and previous_valid_to is null)
    or previous_valid_to <> valid_from
