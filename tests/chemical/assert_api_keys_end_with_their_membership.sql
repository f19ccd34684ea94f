{#-
    A returned row is an API key that was given before its member joined, or that still opens after the
    member has left.
-#}
select
    api_keys.org_id,
    api_keys.api_key_id
from {{ ref('stg_iam__api_keys') }} as api_keys
inner join {{ ref('stg_iam__memberships') }} as memberships
    on
        api_keys.org_id = memberships.org_id
        and api_keys.user_id = memberships.user_id
where
    api_keys.created_at < memberships.joined_at
    or api_keys.last_used_at > memberships.ended_at
    or (
        memberships.ended_at is not null
        and (api_keys.revoked_at is null or api_keys.revoked_at > memberships.ended_at)
        and (api_keys.expires_at is null or api_keys.expires_at > memberships.ended_at)
    )
