"""Roles and what they permit. Every organization starts with the same set, each a row of its own."""

from __future__ import annotations

from dataclasses import dataclass

READ = (
    "asset:read", "historian:read", "alarm:read", "batch:read", "lims:read", "cmms:read", "logbook:read",
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A role. `level` counts down from the owner's 0: nobody may grant a role of a lower number than their own."""

    number: int
    code: str
    name: str
    level: int
    permissions: tuple[str, ...]
    description: str

    def role_id(self, org_id: int) -> int:
        """Surrogate key of the role in an organization."""
        return org_id * 100 + self.number


_OPERATE = (*READ, "alarm:acknowledge", "logbook:write", "batch:write", "cmms:request")
_ENGINEER = (*_OPERATE, "asset:write", "alarm:shelve", "alarm:configure")
_ADMINISTER = (*READ, "asset:write", "iam:read", "iam:write", "api_key:write", "audit:read")

ROLES = (
    Role(
        1, "owner", "Owner", 0, (*_ADMINISTER, "organization:write"),
        "Answers for the organization; the only one who may rename or close it, and never the last to leave.",
    ),
    Role(2, "administrator", "Administrator", 1, _ADMINISTER, "Invites members, grants roles and issues API keys."),
    Role(
        3, "process_engineer", "Process Engineer", 2, _ENGINEER,
        "Tunes loops, sets alarm limits and looks after the tags of a site.",
    ),
    Role(
        4, "shift_supervisor", "Shift Supervisor", 2, (*_OPERATE, "alarm:shelve"),
        "Leads a shift team and may shelve alarms.",
    ),
    Role(5, "operator", "Operator", 3, _OPERATE, "Runs units, acknowledges alarms and writes the logbook."),
    Role(
        6, "maintenance_technician", "Maintenance Technician", 3, (*READ, "cmms:request", "cmms:write", "logbook:write"),
        "Carries out work orders on equipment and instruments.",
    ),
    Role(7, "laboratory_analyst", "Laboratory Analyst", 3, (*READ, "lims:write"), "Analyses samples and releases results."),
    Role(8, "viewer", "Viewer", 4, READ, "Reads what happens in operations, such as a site manager or a planner."),
    Role(9, "auditor", "Auditor", 4, (*READ, "iam:read", "audit:read"), "Reads everything, members and audit trail included."),
    Role(
        10, "service_account", "Service Account", 4, (*READ, "historian:write", "lims:write", "cmms:write"),
        "A system that signs in with an API key.",
    ),
)  # fmt: skip
ROLE_OF = {role.code: role for role in ROLES}
