"""Source `batch`: the batches of batch units and their phases, after ISA-88."""

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

BATCHES = Table(
    source="batch",
    name="batches",
    description=(
        "One row per finished batch of a batch unit, from the charge to the clean vessel. A batch under way has no row yet."
    ),
    key=("org_id", "batch_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("batch_id", Type.INTEGER, "Batch, unique across organizations; ascends with time in a unit."),
        Column("unit_id", Type.INTEGER, "Unit that made the batch."),
        Column("recipe_code", Type.STRING, "Master recipe that the batch followed."),
        Column("product_name", Type.STRING, "Product that the recipe makes."),
        Column("started_at", Type.TIMESTAMP, "When its first phase began.", unit="UTC"),
        Column("ended_at", Type.TIMESTAMP, "When its last phase ended.", unit="UTC"),
        Column(
            "yield_quantity", Type.DOUBLE, "Product in the vessel when harvest began; 0 when aborted.", unit="unit_of_measure"
        ),
        Column("unit_of_measure", Type.STRING, "Unit of measure of the yield.", accepted=("kg",)),
        Column("status", Type.STRING, "How the batch ended.", accepted=("completed", "aborted")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

PHASES = Table(
    source="batch",
    name="phases",
    description=(
        "One row per finished phase of a batch. A phase that ended before the history began has no row, and its batch may have"
        " no row yet."
    ),
    key=("org_id", "batch_id", "phase_no"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("batch_id", Type.INTEGER, "Batch that the phase is part of, finished or under way."),
        Column("phase_no", Type.SMALLINT, "Phase, ascending in the order of the recipe; the value of the unit's tag XS-101."),
        Column("unit_id", Type.INTEGER, "Unit that made the batch."),
        Column(
            "phase_name",
            Type.STRING,
            "Name of the phase.",
            accepted=(
                "charge medium",
                "sterilise",
                "inoculate",
                "batch growth",
                "fed-batch feeding",
                "harvest",
                "kill and discard",
                "clean in place",
            ),
        ),
        Column(
            "operation_name",
            Type.STRING,
            "Operation of ISA-88 that the phase belongs to.",
            accepted=("preparation", "fermentation", "harvest", "discard", "cleaning"),
        ),
        Column("started_at", Type.TIMESTAMP, "When the phase began.", unit="UTC"),
        Column("ended_at", Type.TIMESTAMP, "When the phase ended.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

SOURCE = Source(
    name="batch",
    domain="chemical",
    description="Batch execution system: batches of the fermenters and their phases, after ISA-88.",
    tables=(BATCHES, PHASES),
)
