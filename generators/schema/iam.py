"""Source `iam`: the organizations (tenants) that own the plants."""

from generators.schema.table import CREATED_AT, ORG_ID, UPDATED_AT, Column, Source, Table, Type

ORGANIZATIONS = Table(
    source="iam",
    name="organizations",
    description="One row per organization: a tenant, who sees its own plants and nobody else's.",
    key=("org_id",),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("org_code", Type.STRING, "Short code, unique, lower case: fit for a login name."),
        Column("org_name", Type.STRING, "Name of the company."),
        Column("description", Type.STRING, "What the company makes."),
        CREATED_AT,
        UPDATED_AT,
    ),
)

SOURCE = Source(
    name="iam",
    domain="chemical",
    description="Identity and access management: the organizations that own the plants.",
    tables=(ORGANIZATIONS,),
)
