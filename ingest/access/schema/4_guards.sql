-- What holds whatever a program forgets: an organization keeps an owner, and sessions end when the role changes.

set local role saltworks_auth;

create or replace function iam.require_an_owner(organization integer) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Two owners who remove each other at once would leave none. An update, not a lock: it also fails one of two
    -- transactions that read from snapshots.
    update iam.organizations set status = status where org_id = organization;
    if not exists (
        select
        from iam.memberships as membership
        inner join iam.roles as role
            on membership.org_id = role.org_id and membership.role_id = role.role_id and role.role_level = 0
        inner join iam.users as account
            on membership.user_id = account.user_id and account.status = 'active'
        where membership.org_id = organization
    ) then
        raise exception 'an organization keeps an owner: make somebody else an owner first'
        using errcode = 'integrity_constraint_violation';
    end if;
end
$$;
revoke all on function iam.require_an_owner(integer) from public;

create or replace function iam.on_membership_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        if new.org_id = old.org_id and new.user_id = old.user_id and new.role_id = old.role_id then
            return null;
        end if;
        delete from iam.sessions where org_id = old.org_id and user_id = old.user_id;
    end if;
    if exists (select from iam.roles where org_id = old.org_id and role_id = old.role_id and role_level = 0) then
        perform iam.require_an_owner(old.org_id);
    end if;
    return null;
end
$$;
revoke all on function iam.on_membership_change() from public;

create or replace function iam.on_user_deactivation() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    owned integer;
begin
    delete from iam.sessions where user_id = old.user_id;
    for owned in
        select membership.org_id
        from iam.memberships as membership
        inner join iam.roles as role
            on membership.org_id = role.org_id and membership.role_id = role.role_id and role.role_level = 0
        where membership.user_id = old.user_id
        order by membership.org_id
    loop
        perform iam.require_an_owner(owned);
    end loop;
    return null;
end
$$;
revoke all on function iam.on_user_deactivation() from public;

create or replace trigger on_membership_change
after update or delete on iam.memberships
for each row execute function iam.on_membership_change();

create or replace trigger on_user_deactivation
after update of status on iam.users
for each row when (old.status = 'active' and new.status <> 'active')
execute function iam.on_user_deactivation();

reset role;
