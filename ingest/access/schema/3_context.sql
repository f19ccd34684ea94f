-- The tenant's context, which nobody can forge: iam.current_org() is what every policy compares with.

set local role saltworks_auth;

create or replace view iam.live_sessions with (security_invoker = true) as
select
    session.org_id,
    session.session_id,
    session.user_id,
    session.api_key_id,
    session.token_sha256,
    session.scopes,
    membership.role_id
from iam.sessions as session
inner join iam.organizations as organization
    on session.org_id = organization.org_id and organization.status = 'active'
inner join iam.users as account
    on session.user_id = account.user_id and account.status = 'active'
inner join iam.memberships as membership
    on session.org_id = membership.org_id and session.user_id = membership.user_id
where
    -- Of the statement, not of the transaction: a session that runs out ends inside a long transaction too.
    statement_timestamp() < session.expires_at
    and statement_timestamp() < session.last_used_at + make_interval(secs => session.idle_seconds);
comment on view iam.live_sessions is 'The sessions that count now: in time, of an active user, in an active organization.';
revoke all on iam.live_sessions from public;

-- Each relation of a query asks once. PL/pgSQL keeps its plans for the session, which halves the time that SQL would take.
create or replace function iam.current_org() returns integer
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if session_user = 'saltworks_api' then
        return (
            select session.org_id
            from iam.live_sessions as session
            where session.token_sha256 = sha256(convert_to(nullif(current_setting('app.token', true), ''), 'UTF8'))
        );
    end if;
    return (
        select login.org_id
        from iam.db_logins as login
        inner join iam.organizations as organization
            on login.org_id = organization.org_id and organization.status = 'active'
        where login.login_name = session_user
    );
end
$$;
comment on function iam.current_org() is
'The caller''s organization, or null. The service login: of the live session whose token is app.token. Any other login: of
its row in iam.db_logins; its settings say nothing. Never make it IMMUTABLE: a prepared plan would keep the first tenant.';
revoke all on function iam.current_org() from public;
grant execute on function iam.current_org()
to saltworks_tenant, saltworks_owner, saltworks_ingest, saltworks_transform, saltworks_audit;

create or replace function iam.enter(token text)
returns table (org_id integer, user_id integer, permissions text[])
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    found_session iam.live_sessions;
begin
    select * into found_session
    from iam.live_sessions as session
    where session.token_sha256 = sha256(convert_to(token, 'UTF8'));
    if not found then
        raise exception 'the session is unknown or has ended: sign in again' using errcode = 'invalid_authorization_specification';
    end if;
    -- At most once a minute: a busy session does not write at each request.
    update iam.sessions as session
    set last_used_at = statement_timestamp()
    where
        session.org_id = found_session.org_id
        and session.session_id = found_session.session_id
        and session.last_used_at < statement_timestamp() - interval '1 minute';
    perform set_config('app.token', token, true);
    return query
    select
        found_session.org_id,
        found_session.user_id,
        array(
            select permission
            from iam.role_permissions as granted
            where
                granted.org_id = found_session.org_id
                and granted.role_id = found_session.role_id
                and (found_session.scopes is null or granted.permission = any(found_session.scopes))
            order by permission
        );
end
$$;
comment on function iam.enter(text) is
'Begin a request of the service: sets app.token until the end of the transaction, keeps the session from idling out, and
returns whose it is and what it permits. Raises when the session is not live.';
revoke all on function iam.enter(text) from public;
grant execute on function iam.enter(text) to saltworks_api;

reset role;
