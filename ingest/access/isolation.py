"""The check that tenants are kept apart: asks the server's catalogue, not the code, what a tenant could reach.

Whoever made a relation, and however: when a tenant can read it and it is not protected, it is found here. What can be read
is what the server would allow, so grants to PUBLIC, to single columns and through memberships count too.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from ingest.access.policies import TENANT_ROLE

# What tenants may run with rights that are not their own.
DEFINER_FUNCTIONS = ("iam.current_org()", "iam.enter(text)")
POLICY = "(org_id = ( SELECT iam.current_org() AS current_org))"  # as the server prints policies.OWN_ROWS

# The role of tenants and all who have its rights: the service login, BI logins, and whoever was made a member by mistake.
TENANTS = """
with recursive tenants as (
    select oid from pg_roles where rolname = %(tenant_role)s
    union
    select memberships.member
    from pg_auth_members as memberships
    inner join tenants on memberships.roleid = tenants.oid
    where memberships.inherit_option or memberships.set_option
),

relations as (
    select
        pg_class.oid,
        pg_namespace.nspname as schema,
        pg_class.relkind as kind,
        pg_class.relispartition as is_partition,
        pg_class.relrowsecurity as has_policies,
        pg_class.relforcerowsecurity as binds_owner,
        coalesce(pg_class.reloptions, '{}') as options,
        exists (
            select from pg_attribute where attrelid = pg_class.oid and attname = 'org_id' and not attisdropped
        ) as has_org_id,
        exists (
            select from tenants
            where
                case
                    when pg_class.relkind = 'S' then has_sequence_privilege(tenants.oid, pg_class.oid, 'usage, select, update')
                    else has_any_column_privilege(tenants.oid, pg_class.oid, 'select')
                end
        ) as is_readable
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where
        pg_class.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and pg_namespace.nspname not in ('pg_catalog', 'information_schema')
        and not pg_is_other_temp_schema(pg_namespace.oid)
        and pg_namespace.oid <> pg_my_temp_schema()
        and pg_namespace.nspname not like 'pg\\_toast%%'
)
"""

# Each query gives a subject and what is wrong with it.
RULES = (
    # Tables with rows of organizations, whoever may read them. The ledger is the operator's own.
    """
    select cast(cast(oid as regclass) as text), 'has org_id but no row-level security that binds its owner too (ENABLE, FORCE)'
    from relations
    where kind in ('r', 'p') and has_org_id and schema <> 'ingest' and not (has_policies and binds_owner)
    """,
    # What tenants read must be able to tell them apart.
    """
    select
        cast(cast(oid as regclass) as text),
        case
            when kind = 'm' then 'is a materialized view, which knows no row-level security'
            when kind = 'f' then 'is a foreign table, which knows no row-level security'
            when kind = 'S' then 'is a sequence, which counts for all organizations together'
            when is_partition then 'is a partition: only its parent may be granted'
            else 'can be read by tenants but has no org_id'
        end
    from relations
    where is_readable and (kind in ('m', 'f', 'S') or is_partition or not has_org_id)
    """,
    # The policies that a tenant meets: one, permissive, for everything, and exactly the one.
    """
    select
        cast(cast(relations.oid as regclass) as text),
        'must have one policy for tenants, permissive, for all commands, with ' || %(policy)s || '; it has '
        || coalesce(string_agg(
            format(
                '%%s (%%s, %%s, using %%s, with check %%s)',
                pg_policy.polname,
                case when pg_policy.polpermissive then 'permissive' else 'restrictive' end,
                case when pg_policy.polcmd = '*' then 'all' else 'some commands' end,
                pg_get_expr(pg_policy.polqual, pg_policy.polrelid),
                pg_get_expr(pg_policy.polwithcheck, pg_policy.polrelid)
            ),
            ', '
        ), 'none')
    from relations
    left join pg_policy
        on
            relations.oid = pg_policy.polrelid
            and (pg_policy.polroles = '{0}' or pg_policy.polroles && array(select oid from tenants))
    where
        relations.kind in ('r', 'p') and relations.has_org_id
        -- Nobody but its owners reads a table of schema iam; tenants meet no policy there, and see nothing.
        and (relations.is_readable or pg_policy.oid is not null)
    group by relations.oid
    having
        count(pg_policy.oid) <> 1
        or not bool_and(
            pg_policy.polpermissive
            and pg_policy.polcmd = '*'
            and pg_get_expr(pg_policy.polqual, pg_policy.polrelid) = %(policy)s
            and coalesce(pg_get_expr(pg_policy.polwithcheck, pg_policy.polrelid), '') = %(policy)s
        )
    """,
    # A view with its owner's rights undoes every policy beneath it: below one that tenants read, and wherever rows have an
    # organization, since somebody may grant it.
    """
    , chains as (
        select oid as top, oid from relations where kind = 'v' and (is_readable or has_org_id and schema <> 'iam')
        union
        select chains.top, pg_depend.refobjid
        from chains
        inner join pg_rewrite on chains.oid = pg_rewrite.ev_class
        inner join pg_depend
            on
                pg_rewrite.oid = pg_depend.objid
                and pg_depend.classid = cast('pg_rewrite' as regclass)
                and pg_depend.refclassid = cast('pg_class' as regclass)
                and pg_depend.refobjid <> chains.oid
    )

    select
        cast(cast(chains.top as regclass) as text),
        'is or reads a view without security_invoker and security_barrier: ' || cast(cast(chains.oid as regclass) as text)
    from chains
    inner join relations on chains.oid = relations.oid
    where
        relations.kind = 'v'
        and not (
            relations.options && '{security_invoker=true, security_invoker=on, security_invoker=1}'
            and relations.options && '{security_barrier=true, security_barrier=on, security_barrier=1}'
        )
    """,
    # Tenants only read.
    """
    select distinct
        cast(cast(relations.oid as regclass) as text),
        'can be written, emptied, referenced or triggered upon by ' || cast(cast(tenants.oid as regrole) as text)
    from relations
    cross join tenants
    where
        relations.kind <> 'S'
        and (
            has_table_privilege(tenants.oid, relations.oid, 'insert, update, delete, truncate, references, trigger')
            or has_any_column_privilege(tenants.oid, relations.oid, 'insert, update, references')
        )
    """,
    # Rights of the database and its schemas: a tenant makes nothing, not even a temporary table.
    """
    select current_database(), 'lets ' || cast(cast(oid as regrole) as text) || ' make schemas or temporary tables'
    from tenants
    where has_database_privilege(oid, current_database(), 'create, temporary')
    union all
    select pg_namespace.nspname, 'lets ' || cast(cast(tenants.oid as regrole) as text) || ' make relations'
    from pg_namespace
    cross join tenants
    where pg_namespace.nspname not like 'pg\\_%%' and has_schema_privilege(tenants.oid, pg_namespace.oid, 'create')
    """,
    # The logins themselves.
    """
    select cast(cast(pg_roles.oid as regrole) as text), 'is a tenant with an attribute that goes round policies or makes roles'
    from pg_roles
    inner join tenants on pg_roles.oid = tenants.oid
    where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
    union all
    select
        cast(cast(memberships.member as regrole) as text),
        'is a tenant and has the rights of ' || cast(cast(memberships.roleid as regrole) as text)
    from pg_auth_members as memberships
    inner join tenants on memberships.member = tenants.oid
    where
        (memberships.inherit_option or memberships.set_option)
        and memberships.roleid <> (select oid from pg_roles where rolname = %(tenant_role)s)
    union all
    select distinct cast(cast(refobjid as regrole) as text), 'is a tenant and owns something'
    from pg_shdepend
    inner join tenants on pg_shdepend.refobjid = tenants.oid
    where pg_shdepend.refclassid = cast('pg_authid' as regclass) and pg_shdepend.deptype = 'o'
    """,
    # Functions with rights that are not the tenant's own.
    """
    select cast(cast(pg_proc.oid as regprocedure) as text), 'runs with its owner''s rights, and tenants may call it'
    from pg_proc
    where
        pg_proc.prosecdef
        and not cast(cast(pg_proc.oid as regprocedure) as text) = any(%(definer_functions)s)
        and exists (select from tenants where has_function_privilege(tenants.oid, pg_proc.oid, 'execute'))
    """,
    # The context: IMMUTABLE would be kept in a prepared plan, and another search path would let a tenant shadow what it calls.
    """
    select 'iam.current_org()', 'must be STABLE, SECURITY DEFINER, and have search_path = pg_catalog, pg_temp'
    where
        not exists (
            select from pg_proc
            where
                cast(cast(oid as regprocedure) as text) = 'iam.current_org()'
                and provolatile = 's'
                and prosecdef
                and proconfig = '{"search_path=pg_catalog, pg_temp"}'
        )
    """,
    # What is made tomorrow.
    """
    select
        cast(cast(pg_default_acl.defaclrole as regrole) as text),
        'gives tenants or everybody what it will make (default privileges)'
    from pg_default_acl
    cross join aclexplode(pg_default_acl.defaclacl) as granted
    where
        pg_default_acl.defaclobjtype in ('r', 'S', 'n')
        and (granted.grantee = 0 or granted.grantee in (select oid from tenants))
    """,
)


@dataclass(frozen=True)
class Exposure:
    """Something that a tenant could use to see or change what is not its own."""

    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject} {self.reason}"


def exposures(connection: psycopg.Connection) -> list[Exposure]:
    """All that is wrong, by subject; empty when tenants are kept apart. Any login may ask."""
    values = {"tenant_role": TENANT_ROLE, "policy": POLICY, "definer_functions": list(DEFINER_FUNCTIONS)}
    found = {Exposure(*row) for rule in RULES for row in connection.execute((TENANTS + rule).encode(), values)}
    return sorted(found, key=str)


def readable_relations(connection: psycopg.Connection) -> list[str]:
    """Every relation that a tenant can read, by name."""
    query = TENANTS + "select cast(cast(oid as regclass) as text) from relations where is_readable order by 1"
    return [name for (name,) in connection.execute(query.encode(), {"tenant_role": TENANT_ROLE})]
