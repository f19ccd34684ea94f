"""Source `alarm`: what the alarm system announced, and what operators did about it."""

from generators.schema.asset import ALARM_CONDITION, ALARM_PRIORITY
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

EVENTS = Table(
    source="alarm",
    name="events",
    description="One row per transition of an alarm by the state model of ISA-18.2. An alarm is a condition of a tag.",
    key=("org_id", "event_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("event_id", Type.BIGINT, "Event, unique across organizations; ascends with time within a unit."),
        Column("alarm_id", Type.BIGINT, "Alarm: tag and condition."),
        Column("tag_id", Type.INTEGER, "Tag of the alarm."),
        Column("unit_id", Type.INTEGER, "Unit of the tag."),
        Column("console_code", Type.STRING, "Console of the operators: site and plant, such as S01-P02."),
        Column("occurred_at", Type.TIMESTAMP, "When it happened; for ALM and RTN the time of the reading.", unit="UTC"),
        ALARM_CONDITION,
        Column(
            "transition",
            Type.STRING,
            "What happened: the condition came (ALM) or went (RTN), or the alarm was acknowledged, shelved, suppressed by"
            " design, taken out of service, or brought back.",
            accepted=(
                "ALM",
                "RTN",
                "ACK",
                "SHELVE",
                "UNSHELVE",
                "SUPPRESS",
                "UNSUPPRESS",
                "OUT_OF_SERVICE",
                "IN_SERVICE",
            ),
        ),
        Column(
            "state_after",
            Type.STRING,
            "State of the alarm afterwards: normal, unacknowledged, acknowledged, returned but unacknowledged, shelved,"
            " suppressed by design, out of service.",
            accepted=("NORM", "UNACK", "ACKED", "RTNUN", "SHLVD", "DSUPR", "OOSRV"),
        ),
        ALARM_PRIORITY,
        Column(
            "value", Type.DOUBLE, "Reading at ALM and RTN, in the tag's unit of measure; null when it is bad.", nullable=True
        ),
        Column("limit_value", Type.DOUBLE, "Limit, in the tag's unit of measure; null for BADPV.", nullable=True),
        Column("is_annunciated", Type.BOOLEAN, "Whether the alarm sounded at the console: it became unacknowledged."),
        Column("user_id", Type.INTEGER, "Operator who did it; null for what happened by itself.", nullable=True),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("tag_id", "asset.tags"),
        references_in_organization("unit_id", "asset.units"),
    ),
)

SOURCE = Source(
    name="alarm",
    domain="chemical",
    description="Alarm journal of the control systems: every transition of every alarm.",
    tables=(EVENTS,),
)
