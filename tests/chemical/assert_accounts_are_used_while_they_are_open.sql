{#-
    A returned row is a user who signed in before the account was opened or after it was closed, or whose
    status denies that it was closed.
-#}
select
    org_id,
    user_id
from {{ ref('stg_iam__users') }}
where
    last_login_at < created_at
    or last_login_at > deactivated_at
    or deactivated_at < created_at
    or (user_status = 'deactivated') <> (deactivated_at is not null)
