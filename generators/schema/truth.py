"""Source `truth`: the answer key. No mart reads it; tests and scorecards compare against it."""

from generators.schema.table import (
    CREATED_AT,
    ORG_ID,
    UPDATED_AT,
    Column,
    Source,
    Table,
    Type,
    references_in_organization,
)

DEMAND_FACTORS = Table(
    source="truth",
    name="demand_factors",
    description=(
        "One row per effect on demand, customer type, country and level of the effect: the factor that was put in, and the"
        " orders that the plan expects there with all other effects at work."
    ),
    key=("effect", "customer_type", "country_code", "level"),
    updated_column="updated_at",
    columns=(
        Column(
            "effect", Type.STRING, "Effect on demand.", accepted=("weekday", "season", "holiday", "commercial_day", "growth")
        ),
        Column("customer_type", Type.STRING, "Person (B2C) or account (B2B).", accepted=("person", "account")),
        Column("country_code", Type.STRING, "Country.", unit="ISO 3166-1"),
        Column(
            "level",
            Type.STRING,
            "Level of the effect: ISO weekday 1 to 7, month 01 to 12, holiday or ordinary, name of the commercial day or"
            " ordinary, calendar year.",
        ),
        Column("factor", Type.DOUBLE, "Factor on the day's demand; 1 has no effect."),
        Column("day_count", Type.INTEGER, "Days of the horizon at this level.", unit="days"),
        Column("expected_orders", Type.DOUBLE, "Orders that the plan expects at this level over the horizon."),
        CREATED_AT,
        UPDATED_AT,
    ),
)

DEFECTS = Table(
    source="truth",
    name="defects",
    description="One row per defect of a tag that the measurement layer injected.",
    key=("org_id", "defect_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("defect_id", Type.BIGINT, "Defect, unique across organizations."),
        Column("tag_id", Type.INTEGER, "Tag that the defect hit."),
        Column(
            "defect_kind",
            Type.STRING,
            "What went wrong.",
            accepted=("sensor_failure", "communication_gap", "frozen", "drift", "late_file"),
        ),
        Column("started_at", Type.TIMESTAMP, "Onset.", unit="UTC"),
        Column("ended_at", Type.TIMESTAMP, "End.", unit="UTC"),
        Column("magnitude", Type.DOUBLE, "Size at the end, in the tag's unit of measure; 0 where size has no meaning."),
        Column("affected_reading_count", Type.BIGINT, "Readings that were changed, lost or delayed.", unit="rows"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("tag_id", "asset.tags"),),
)

SOURCE = Source(
    name="truth",
    domain="shared",
    description="The answer key: every effect and defect that was put in. For tests and scorecards, never for marts.",
    tables=(DEMAND_FACTORS, DEFECTS),
)
