"""An outside judge: pgrls finds nothing in the policies of the whole database but what is explained here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from ingest import embedded
from tests.python.tenancy import World

# Per rule, where it may be broken, and why that is right.
ALLOWED = {
    # No row there has an organization, and tenants have no grant: attack 6. The ledger is the operator's.
    "SEC001": r"(ingest|raw_(crm|fin|meta|mkt|oms|pim|ref|rma|truth|wms)|seeds)\.\w+",
    # The policies by which dbt reads all organizations, and the owners of accounts and audit their own tables: each is for one
    # role that no tenant has. pgrls looks at the condition, not at the role.
    "SEC005": r".*\.(transform|auth|audit)",
    "SEC008": r".*\.(transform|auth|audit)",
    "SEC028": r"(chemical|iam|intermediate)\.\w+\.(transform|auth|audit)",
    "SEC038": r".*\.(transform|auth|audit)",
    # One permissive policy per role is the design; a restrictive one would need a permissive one beside it.
    "SEC007": r".*",
    # Triggers that end sessions and keep the audit trail append-only; they belong to the owner of their table.
    "SEC013": r"iam\.\w+\.(refuse_change|on_membership_change|on_user_deactivation)",
    # The functions that tell whose the session is, and one that only the owner of the accounts may call.
    "SEC014": r"iam\.(current_org|enter|append_event)",
    # The organization is the tenant, not the person: members see what their organization sees.
    "SEC027": r"(iam|raw_iam|raw_alarm)\.\w+",
    # Only the owner of the accounts reads it, and through iam.current_org(), which asks for one token.
    "VIEW002": r"iam\.live_sessions",
}


def findings(world: World) -> list[dict[str, str]]:
    """What pgrls finds in all schemas of the database."""
    with world.operator() as connection:
        schemas = connection.execute(
            "select string_agg(nspname, ',') from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'"
        ).fetchone()
    assert schemas is not None
    address = (
        f"host={world.target.host} port={world.target.port} user={embedded.SUPERUSER} dbname={world.target.login.database}"
    )
    command = [
        Path(sys.executable).with_name("pgrls"),
        "lint",
        "--database-url",
        address,
        "--schemas",
        schemas[0],
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)["violations"]
    return found


def test_pgrls_finds_nothing_that_is_not_explained(tenants: World) -> None:
    found = findings(tenants)
    assert [
        f"{finding['rule_id']} {finding['location']}: {finding['message']}"
        for finding in found
        if not re.fullmatch(ALLOWED.get(finding["rule_id"], "nothing"), finding["location"])
    ] == []
    assert {finding["rule_id"] for finding in found} == set(ALLOWED), "an explanation for nothing hides the next finding"


def test_pgrls_finds_a_policy_that_is_open(tenants: World) -> None:
    with tenants.superuser() as connection:
        connection.execute("alter policy tenant on chemical.dim_units using (true)")
    try:
        found = {(finding["rule_id"], finding["location"]) for finding in findings(tenants)}
    finally:
        with tenants.superuser() as connection:
            connection.execute("alter policy tenant on chemical.dim_units using (org_id = (select iam.current_org()))")
    assert ("SEC038", "chemical.dim_units.tenant") in found
