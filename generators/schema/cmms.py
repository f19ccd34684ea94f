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

WORK_ORDERS = Table(
    source="cmms",
    name="work_orders",
    description="One row per work order, as it was written. What became of it is in work_order_events.",
    key=("org_id", "work_order_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("work_order_id", Type.BIGINT, "Work order, unique across organizations."),
        Column("work_order_number", Type.STRING, "Number by which people call it, unique in the organization."),
        Column("unit_id", Type.INTEGER, "Unit."),
        Column("equipment_id", Type.INTEGER, "Equipment to be worked on."),
        Column("tag_id", Type.INTEGER, "Tag that it is about; null when it is about equipment alone.", nullable=True),
        Column(
            "order_kind",
            Type.STRING,
            "Repair of something broken, routine, calibration of an instrument, or inspection.",
            accepted=("corrective", "preventive", "calibration", "inspection"),
        ),
        Column("priority", Type.STRING, "How soon.", accepted=("low", "medium", "high")),
        Column("title", Type.STRING, "What is to be done, in a few words."),
        Column("description", Type.STRING, "What was seen."),
        Column("opened_by_user_id", Type.INTEGER, "Operator who wrote it."),
        Column("opened_at", Type.TIMESTAMP, "When it was written.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("unit_id", "asset.units"),
        references_in_organization("equipment_id", "asset.equipment"),
        references_in_organization("tag_id", "asset.tags"),
        references_in_organization("opened_by_user_id", "iam.users", "user_id"),
    ),
)

WORK_ORDER_EVENTS = Table(
    source="cmms",
    name="work_order_events",
    description="One row per step in the life of a work order. The latest says how it stands.",
    key=("org_id", "work_order_id", "event_number"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("work_order_id", Type.BIGINT, "Work order."),
        Column("event_number", Type.SMALLINT, "1, 2, 3 in order of time."),
        Column(
            "event_kind",
            Type.STRING,
            "Step.",
            accepted=("scheduled", "started", "waiting_for_parts", "resumed", "completed", "closed"),
        ),
        Column("occurred_at", Type.TIMESTAMP, "When it happened.", unit="UTC"),
        Column("remark", Type.STRING, "What the technician wrote, as what was done; null for none.", nullable=True),
        Column("technician_user_id", Type.INTEGER, "Technician; null when nobody was assigned.", nullable=True),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("work_order_id", "cmms.work_orders"),
        references_in_organization("technician_user_id", "iam.users", "user_id"),
    ),
)

SOURCE = Source(
    name="cmms",
    domain="chemical",
    description="Maintenance management: calibrations of instruments, work orders and what became of them.",
    tables=(CALIBRATIONS, WORK_ORDERS, WORK_ORDER_EVENTS),
)
