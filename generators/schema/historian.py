"""Source `historian`: what the instruments reported, and in which files it arrived."""

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

READINGS = Table(
    source="historian",
    name="readings",
    description=(
        "One row per reading of a tag. Files are append-only: a late reading arrives in a new file of the day on which it was"
        " measured. A bad value is null."
    ),
    key=("org_id", "tag_id", "measured_at", "seq"),
    updated_column="ingested_at",
    columns=(
        ORG_ID,
        Column("tag_id", Type.INTEGER, "Tag that was read."),
        Column("measured_at", Type.TIMESTAMP, "When the value was measured.", unit="UTC"),
        Column("seq", Type.SMALLINT, "0, or 1 and up for further readings of the same tag at the same instant."),
        Column("value", Type.DOUBLE, "Value in the tag's unit of measure; null when the quality is bad.", nullable=True),
        Column(
            "quality", Type.SMALLINT, "OPC DA quality code: 192 good, 64 to 127 uncertain, 0 to 63 bad.", unit="OPC DA quality"
        ),
        Column("ingested_at", Type.TIMESTAMP, "When the historian received the reading.", unit="UTC"),
        Column("file_id", Type.BIGINT, "File in which the reading arrived."),
        Column("event_date", Type.DATE, "Day of measured_at; the folder of the file.", unit="UTC"),
    ),
    foreign_keys=(
        references_in_organization("tag_id", "asset.tags"),
        references_in_organization("file_id", "historian.ingest_files"),
    ),
    partitioned_by=("event_date", "org_id"),
    ranged_by="measured_at",
)

INGEST_FILES = Table(
    source="historian",
    name="ingest_files",
    description="One row per file of readings that the historian received.",
    key=("org_id", "file_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("file_id", Type.BIGINT, "File."),
        Column("unit_id", Type.INTEGER, "Unit whose tags the file holds."),
        Column("path", Type.STRING, "Path of the file below the lake's folder of the table."),
        Column("event_date", Type.DATE, "Day on which the readings were measured.", unit="UTC"),
        Column("reading_count", Type.BIGINT, "Readings in the file.", unit="rows"),
        Column("first_measured_at", Type.TIMESTAMP, "Earliest reading of the file.", unit="UTC"),
        Column("last_measured_at", Type.TIMESTAMP, "Latest reading of the file.", unit="UTC"),
        Column("arrived_at", Type.TIMESTAMP, "When the file arrived.", unit="UTC"),
        Column("is_late", Type.BOOLEAN, "Whether the file brings readings that had been held back by an outage."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

SOURCE = Source(
    name="historian",
    domain="chemical",
    description="Plant historian: the readings of all tags, and the files in which they arrived.",
    tables=(READINGS, INGEST_FILES),
)
