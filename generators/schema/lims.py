"""Source `lims`: the laboratory's samples and results."""

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

SAMPLES = Table(
    source="lims",
    name="samples",
    description=(
        "One row per sample and analysed quantity, written when the laboratory reports it. The result is of the true quantity,"
        " with the laboratory's own error: compare it with the analyser's reading when the sample was drawn."
    ),
    key=("org_id", "sample_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("sample_id", Type.BIGINT, "Sample, unique across organizations."),
        Column("tag_id", Type.INTEGER, "Tag of the on-line analyser whose quantity is analysed."),
        Column("unit_id", Type.INTEGER, "Unit where the sample was drawn."),
        Column(
            "sample_kind",
            Type.STRING,
            "Routine spot sample, composite that was collected over hours, or extra sample because something was unusual.",
            accepted=("spot", "composite", "extra"),
        ),
        Column(
            "collecting_began_at", Type.TIMESTAMP, "When collecting began; null unless composite.", nullable=True, unit="UTC"
        ),
        Column("sampled_at", Type.TIMESTAMP, "When the sample was drawn, or the collecting ended.", unit="UTC"),
        Column("reported_at", Type.TIMESTAMP, "When the laboratory reported the result.", unit="UTC"),
        Column("value", Type.DOUBLE, "Result in unit_of_measure; null when the sample was rejected.", nullable=True),
        Column("unit_of_measure", Type.STRING, "Unit of measure of the result, as people write it."),
        Column("method", Type.STRING, "Method of the laboratory."),
        Column("analyst_user_id", Type.INTEGER, "Analyst; null when nobody was assigned.", nullable=True),
        Column("sample_status", Type.STRING, "What became of the sample.", accepted=("released", "rejected")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("tag_id", "asset.tags"),
        references_in_organization("unit_id", "asset.units"),
        references_in_organization("analyst_user_id", "iam.users", "user_id"),
    ),
)

SOURCE = Source(
    name="lims",
    domain="chemical",
    description="Laboratory: results of samples, hours after they were drawn.",
    tables=(SAMPLES,),
)
