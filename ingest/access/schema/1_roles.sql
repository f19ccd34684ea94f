-- Roles, which belong to the whole server, and what PUBLIC may no longer do in this database. Applied by the role that
-- owns the database; it may create roles, and becomes able to act as those that own things (SET, nothing inherited).

do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'saltworks_owner',      -- owns the tables of the tenants' data
        'saltworks_auth',       -- owns accounts, sessions, keys and the functions that read them
        'saltworks_audit',      -- owns the audit trail, which saltworks_auth may extend and read only
        'saltworks_ingest',     -- writes raw tables, under row-level security
        'saltworks_transform',  -- dbt: reads raw tables, owns what it builds; no BYPASSRLS
        'saltworks_tenant'      -- what any tenant's login may do, as its members saltworks_api and bi_<org>
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        end if;
        if role_name <> 'saltworks_tenant' then
            execute format('grant %I to %I with inherit false, set true', role_name, current_user);
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'saltworks_api') then
        create role saltworks_api login;  -- nobody can sign in before it has a password
    end if;
    grant saltworks_tenant to saltworks_api with inherit true, set false;
end
$$;

-- dbt reads whole tables through many steps, of whose rows PostgreSQL expects far too few: it would go through millions of rows
-- once for each of a thousand others. Every other kind of join bears a wrong guess.
alter role saltworks_transform set enable_nestloop = off;

-- Tokens are parameters, and parameters do not belong into the server's log. Only a superuser may say so per login; the
-- embedded server and docker-compose.yml say it for all.
do $$
begin
    alter role saltworks_api set log_parameter_max_length = 0;
exception
    when insufficient_privilege then
        if current_setting('log_parameter_max_length') <> '0' then
            raise warning 'log_parameter_max_length is not 0: tokens may reach the log of a server that logs statements';
        end if;
end
$$;

do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format(
        'grant connect on database %I to saltworks_ingest, saltworks_transform, saltworks_tenant', current_database()
    );
end
$$;

revoke all on schema public from public;

do $$
begin
    if to_regnamespace('iam') is null then
        create schema iam authorization saltworks_auth;
    end if;
end
$$;
