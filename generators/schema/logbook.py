"""Source `logbook`: what the shifts write down."""

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

ENTRIES = Table(
    source="logbook",
    name="entries",
    description=(
        "One row per entry of a unit's shift logbook: free text by many hands, with abbreviations and typing errors. Times"
        " in a text are by the clock of the site."
    ),
    key=("org_id", "entry_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("entry_id", Type.BIGINT, "Entry, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit."),
        Column("equipment_id", Type.INTEGER, "Equipment that it is filed under; null for none.", nullable=True),
        Column("tag_id", Type.INTEGER, "Tag that it is filed under; null for none.", nullable=True),
        Column("written_at", Type.TIMESTAMP, "When it was written.", unit="UTC"),
        Column("shift", Type.STRING, "Shift by the clock of the site.", accepted=("day", "night")),
        Column("team", Type.STRING, "Shift team.", accepted=("A", "B", "C", "D", "E")),
        Column(
            "category",
            Type.STRING,
            "Heading that the writer chose.",
            accepted=("operation", "disturbance", "instrument", "maintenance", "handover", "safety", "quality"),
        ),
        Column("author_user_id", Type.INTEGER, "Writer."),
        Column("entry_text", Type.STRING, "The text, in English."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("unit_id", "asset.units"),
        references_in_organization("equipment_id", "asset.equipment"),
        references_in_organization("tag_id", "asset.tags"),
        references_in_organization("author_user_id", "iam.users", "user_id"),
    ),
)

SOURCE = Source(
    name="logbook",
    domain="chemical",
    description="Shift logbook of the units.",
    tables=(ENTRIES,),
)
