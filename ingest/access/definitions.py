"""The second belt: whoever has a tenant's rights defines nothing, not even where a grant by mistake would let them.

It also closes what no grant can: any member of saltworks_tenant may say DROP OWNED BY saltworks_tenant, and all tenants lose
their rights; and everybody may make large objects. Only a superuser can do this, so a server where there is none goes without.
"""

from __future__ import annotations

import psycopg

REFUSE = """
create or replace function public.refuse_definitions_of_tenants() returns event_trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from pg_roles as login
        where
            login.rolname = session_user
            and not login.rolsuper
            and exists (
                select from pg_roles as tenant
                where tenant.rolname = 'saltworks_tenant' and pg_has_role(login.oid, tenant.oid, 'usage')
            )
    ) then
        raise exception 'tenants only read: % is refused', tg_tag using errcode = 'insufficient_privilege';
    end if;
end
$$;
comment on function public.refuse_definitions_of_tenants() is
'Raises when a login with the rights of saltworks_tenant defines something.';

revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;

do $$
begin
    if not exists (select from pg_event_trigger where evtname = 'refuse_definitions_of_tenants') then
        create event trigger refuse_definitions_of_tenants on ddl_command_start
        execute function public.refuse_definitions_of_tenants();
    end if;
end
$$;
"""


def refuse_definitions_of_tenants(connection: psycopg.Connection) -> None:
    """Take it all from tenants in this database. The connection is a superuser's."""
    connection.execute(REFUSE.encode())
