"""Source `cmms`: the computerized maintenance management system."""

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

CALIBRATIONS = Table(
    source="cmms",
    name="calibrations",
    description=(
        "One row per calibration of an instrument. The records go back to the last one of every instrument before the readings"
        " begin."
    ),
    key=("org_id", "calibration_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("calibration_id", Type.BIGINT, "Calibration, unique across organizations."),
        Column("tag_id", Type.INTEGER, "Tag of the instrument."),
        Column("calibrated_at", Type.TIMESTAMP, "When it was calibrated.", unit="UTC"),
        Column("reason", Type.STRING, "On schedule, or because it was noticed to drift.", accepted=("scheduled", "drift")),
        Column("as_found_error", Type.DOUBLE, "Zero error before the adjustment.", unit="the tag's unit_of_measure"),
        Column("as_left_error", Type.DOUBLE, "Zero error after the adjustment.", unit="the tag's unit_of_measure"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("tag_id", "asset.tags"),),
)

SOURCE = Source(
    name="cmms",
    domain="chemical",
    description="Maintenance management: the calibrations of the instruments.",
    tables=(CALIBRATIONS,),
)
