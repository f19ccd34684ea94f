"""What the roles may do to the raw tables: grants, and row-level security wherever a row belongs to an organization.

A table with `org_id` shows a tenant its own rows and no others, through one policy that every reader of one can check by
eye. The raw tables are protected in the transaction that makes them, before anybody can see them.
"""

from __future__ import annotations

import os

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from generators.schema.catalog import SOURCES, TABLES
from generators.schema.table import Table
from ingest.access.definitions import refuse_definitions_of_tenants
from ingest.connection import acting_as

OWNER_ROLE = "saltworks_owner"
TENANT_ROLE = "saltworks_tenant"
ANALYST_ROLE = "saltworks_analyst"
TRANSFORM_ROLE = "saltworks_transform"
INGEST_ROLE = "saltworks_ingest"

# The subquery runs once per query and not once per row. tenant_guard() of the dbt project writes the same.
OWN_ROWS = "org_id = (select iam.current_org())"
# A job of ingestion says whose file it loads, so that a file cannot bring rows of another organization.
ROWS_OF_THE_JOB = "org_id = (select nullif(current_setting('ingest.org_id', true), '')::integer)"

# The answer key is for tests, and hashes of keys serve nobody.
HIDDEN_SOURCES = frozenset({"truth"})
HIDDEN_TABLES = frozenset({"iam.api_keys"})

PARTITIONS = """
select relname from pg_inherits inner join pg_class on inhrelid = pg_class.oid where inhparent = cast(%s as regclass)
"""


def create_roles(connection: psycopg.Connection) -> None:
    """The part of `--init` that the raw tables and the marts need: the role of analysts, dbt's login, what each may make.

    The connection's role owns the database and may create roles. dbt's password is SALTWORKS_TRANSFORM_PASSWORD, or that of
    this connection; profiles.yml reads the same.
    """
    with connection.transaction():
        if connection.execute("select from pg_roles where rolname = %s", (ANALYST_ROLE,)).fetchone() is None:
            connection.execute(SQL("create role {} nologin").format(Identifier(ANALYST_ROLE)))
        password = os.environ.get("SALTWORKS_TRANSFORM_PASSWORD") or connection.info.password
        connection.execute(_with_roles("alter role {transform} login password {password}", password=Literal(password)))
        database = Identifier(connection.info.dbname)
        for statement in (
            "grant create on database {database} to {owner}",
            # dbt makes the schemas of its models, and temporary tables for tests and increments; ingestion stages in them.
            "grant create, temporary on database {database} to {transform}",
            "grant temporary on database {database} to {ingest}",
            "grant connect on database {database} to {analyst}",
        ):
            connection.execute(_with_roles(statement, database=database))
        if connection.info.parameter_status("is_superuser") == "on":
            refuse_definitions_of_tenants(connection)


def renew(connection: psycopg.Connection) -> None:
    """Write grants and policies of all raw tables and their partitions anew, where a hand has changed them."""
    with connection.transaction(), acting_as(connection, OWNER_ROLE):
        for table in TABLES.values():
            schema = f"raw_{table.source}"
            for statement in protect(table, schema):
                connection.execute(statement)
            for (partition,) in connection.execute(PARTITIONS, (f"{schema}.{table.name}",)).fetchall():
                for statement in separate_rows(Identifier(schema, partition)):
                    connection.execute(statement)


def is_of_tenants(table: Table) -> bool:
    """Whether each row belongs to an organization."""
    return "org_id" in table.column_names


def tenants_may_read(table: Table) -> bool:
    """Whether tenants are given the table: their own rows of it."""
    return is_of_tenants(table) and table.source not in HIDDEN_SOURCES and table.qualified_name not in HIDDEN_TABLES


def open_schema(source: str, schema: str) -> list[Composed]:
    """The statements that let the readers of a source's tables into its schema."""
    tables = next(declared.tables for declared in SOURCES if declared.name == source)
    readers = "{transform}, {ingest}, {tenant}" if any(map(tenants_may_read, tables)) else "{transform}, {ingest}"
    return [_with_roles("grant usage on schema {schema} to " + readers, schema=Identifier(schema))]


def protect(table: Table, schema: str) -> list[Composed]:
    """The statements that give a raw table to its readers, and to tenants only their rows of it."""
    name = Identifier(schema, table.name)
    statements = [
        "grant select on {table} to {transform}",
        "grant select, insert, update, delete on {table} to {ingest}",
    ]
    if tenants_may_read(table):
        statements.append("grant select on {table} to {tenant}")
    return [
        *([] if not is_of_tenants(table) else separate_rows(name)),
        *(_with_roles(statement, table=name) for statement in statements),
    ]


def separate_rows(table: Identifier) -> list[Composed]:
    """The statements that keep the rows of organizations apart, in a raw table or in a partition of one.

    A partition needs it as well as its parent, whose policies hold only for queries of the parent, and has no grants.
    """
    statements = (
        "alter table {table} enable row level security, force row level security",
        "drop policy if exists tenant on {table}",
        "drop policy if exists transform on {table}",
        "drop policy if exists ingest on {table}",
        f"create policy tenant on {{table}} to {{tenant}} using ({OWN_ROWS}) with check ({OWN_ROWS})",
        "create policy transform on {table} for select to {transform} using (true)",
        f"create policy ingest on {{table}} to {{ingest}} using ({ROWS_OF_THE_JOB}) with check ({ROWS_OF_THE_JOB})",
    )
    return [_with_roles(statement, table=table) for statement in statements]


def _with_roles(statement: str, **names: Composable) -> Composed:
    return SQL(statement).format(
        owner=Identifier(OWNER_ROLE),
        tenant=Identifier(TENANT_ROLE),
        analyst=Identifier(ANALYST_ROLE),
        transform=Identifier(TRANSFORM_ROLE),
        ingest=Identifier(INGEST_ROLE),
        **names,
    )
