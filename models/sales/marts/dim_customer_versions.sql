with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

customer_changes as (

    select * from {{ ref('stg_crm__customer_changes') }}

),

version_starts as (

    select distinct
        customer_id,
        changed_at as valid_from
    from customer_changes
    union
    select
        customer_id,
        created_at as valid_from
    from customers

),

versions as (

    select
        customer_id,
        valid_from,
        cast(
            row_number() over (
                partition by customer_id
                order by valid_from
            ) as {{ dbt.type_int() }}
        ) as version_number,
        lead(valid_from) over (
            partition by customer_id
            order by valid_from
        ) as valid_to
    from version_starts

),

latest_changes as (

    select
        versions.customer_id,
        versions.valid_from,
        {{ arg_max(
            "case when customer_changes.changed_attribute = 'rep_id' then customer_changes.new_value end",
            'customer_changes.change_seq'
        ) }} as rep_id,
        {{ arg_max(
            "case when customer_changes.changed_attribute = 'email' then customer_changes.new_value end",
            'customer_changes.change_seq'
        ) }} as email,
        {{ arg_max(
            "case when customer_changes.changed_attribute = 'phone_number' then customer_changes.new_value end",
            'customer_changes.change_seq'
        ) }} as phone_number
    from versions
    inner join customer_changes
        on
            versions.customer_id = customer_changes.customer_id
            and versions.valid_from >= customer_changes.changed_at
    group by versions.customer_id, versions.valid_from

),

final as (

    select
        {{ surrogate_key(['versions.customer_id', 'versions.version_number']) }}
            as customer_version_key,
        versions.customer_id,
        coalesce(cast(latest_changes.rep_id as {{ dbt.type_int() }}), customers.rep_id) as rep_id,

        customers.customer_type,
        customers.customer_name,
        customers.country_code,
        coalesce(latest_changes.email, customers.email) as email,
        coalesce(latest_changes.phone_number, customers.phone_number) as phone_number,

        versions.version_number,

        versions.valid_to is null as is_current,

        versions.valid_from,
        versions.valid_to
    from versions
    inner join customers
        on versions.customer_id = customers.customer_id
    left join latest_changes
        on
            versions.customer_id = latest_changes.customer_id
            and versions.valid_from = latest_changes.valid_from

)

select * from final
