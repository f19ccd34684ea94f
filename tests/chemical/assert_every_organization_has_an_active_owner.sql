{#-
    A returned row is an organization that nobody owns: its last owner has left or cannot sign in.
-#}
with

owners as (

    select distinct memberships.org_id
    from {{ ref('stg_iam__memberships') }} as memberships
    inner join {{ ref('stg_iam__roles') }} as held_roles
        on
            memberships.org_id = held_roles.org_id
            and memberships.role_id = held_roles.role_id
    inner join {{ ref('stg_iam__users') }} as holders
        on
            memberships.home_org_id = holders.org_id
            and memberships.user_id = holders.user_id
    where
        held_roles.role_code = 'owner'
        and memberships.ended_at is null
        and holders.user_status = 'active'

)

select organizations.org_id
from {{ ref('stg_iam__organizations') }} as organizations
left join owners
    on organizations.org_id = owners.org_id
where owners.org_id is null
