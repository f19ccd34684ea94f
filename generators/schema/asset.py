"""Source `asset`: the equipment hierarchy of ISA-95 and the tags on it."""

from generators.schema.table import (
    CREATED_AT,
    ORG_ID,
    UPDATED_AT,
    Column,
    Source,
    Table,
    Type,
    references,
    references_in_organization,
)

ALARM_CONDITION = Column(
    "condition",
    Type.STRING,
    "Condition of the alarm: value above its second or first high limit, below its first or second low limit, or bad.",
    accepted=("PVHH", "PVHI", "PVLO", "PVLL", "BADPV"),
)
ALARM_PRIORITY = Column(
    "priority",
    Type.STRING,
    "Priority of the alarm; journal is recorded only, never annunciated.",
    accepted=("journal", "low", "medium", "high"),
)

SITES = Table(
    source="asset",
    name="sites",
    description="One row per site: a place where an organization runs plants (ISA-95 level 1).",
    key=("org_id", "site_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("site_id", Type.INTEGER, "Site, unique across organizations."),
        Column("site_code", Type.STRING, "Short code of the site."),
        Column("site_name", Type.STRING, "Name of the site."),
        Column("description", Type.STRING, "What is made there."),
        Column("city", Type.STRING, "City or town."),
        Column("country_code", Type.STRING, "Country.", unit="ISO 3166-1"),
        Column("time_zone", Type.STRING, "Time zone of the site's local days.", unit="IANA zone"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("org_id", "iam.organizations"),),
)

PLANTS = Table(
    source="asset",
    name="plants",
    description="One row per plant of a site (ISA-95 level 2).",
    key=("org_id", "plant_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("plant_id", Type.INTEGER, "Plant, unique across organizations."),
        Column("site_id", Type.INTEGER, "Site of the plant."),
        Column("plant_code", Type.STRING, "Short code of the plant."),
        Column("plant_name", Type.STRING, "Name of the plant."),
        Column("description", Type.STRING, "What the plant does."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("site_id", "asset.sites"),),
)

UNITS = Table(
    source="asset",
    name="units",
    description="One row per process unit of a plant (ISA-95 level 4). A unit follows one process model.",
    key=("org_id", "unit_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("unit_id", Type.INTEGER, "Unit, unique across organizations."),
        Column("plant_id", Type.INTEGER, "Plant of the unit."),
        Column("unit_code", Type.STRING, "Short code; begins the unit's tag names."),
        Column("unit_name", Type.STRING, "Name of the unit."),
        Column("description", Type.STRING, "What the unit does."),
        Column(
            "process_model",
            Type.STRING,
            "Process model that the unit follows.",
            accepted=(
                "tennessee_eastman",
                "van_de_vusse_reactor",
                "distillation_column",
                "fed_batch_fermenter",
                "quadruple_tank",
                "wood_berry_column",
                "exothermic_reactor",
                "utilities",
                "tank_farm",
            ),
        ),
        Column("commissioned_on", Type.DATE, "Day on which the unit was commissioned."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("plant_id", "asset.plants"),),
)

EQUIPMENT = Table(
    source="asset",
    name="equipment",
    description="One row per piece of equipment of a unit: a vessel, pump, exchanger, valve or instrument cabinet.",
    key=("org_id", "equipment_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("equipment_id", Type.INTEGER, "Equipment, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit that the equipment belongs to."),
        Column("equipment_code", Type.STRING, "Equipment number, such as 12-R-101."),
        Column("equipment_name", Type.STRING, "Name of the equipment."),
        Column(
            "equipment_class",
            Type.STRING,
            "Class of equipment.",
            accepted=(
                "reactor",
                "column",
                "vessel",
                "tank",
                "pump",
                "compressor",
                "boiler",
                "cooling_tower",
                "heat_exchanger",
                "control_valve",
                "analyser",
            ),
        ),
        Column("description", Type.STRING, "What the equipment does."),
        Column("manufacturer", Type.STRING, "Manufacturer (invented)."),
        Column("installed_on", Type.DATE, "Day on which it was installed."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

CONTROL_LOOPS = Table(
    source="asset",
    name="control_loops",
    description="One row per control loop of a unit; its set point, process value and output are tags of the loop.",
    key=("org_id", "loop_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("loop_id", Type.INTEGER, "Control loop, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit that the loop controls."),
        Column("loop_name", Type.STRING, "Name of the controller by ISA-5.1, such as 12-TIC-101."),
        Column("description", Type.STRING, "What the loop holds, and with what."),
        Column("controller_gain", Type.DOUBLE, "Proportional gain, output units per unit of process value."),
        Column(
            "integral_time_seconds",
            Type.DOUBLE,
            "Integral time of the PI controller; null for a controller that is proportional only.",
            unit="s",
            nullable=True,
        ),
        Column("control_action", Type.STRING, "Sign of the gain.", accepted=("direct", "reverse")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

TAGS = Table(
    source="asset",
    name="tags",
    description="One row per tag: a measured, set or computed signal with its range, resolution and unit of measure.",
    key=("org_id", "tag_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("tag_id", Type.INTEGER, "Tag, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit that the tag belongs to."),
        Column("equipment_id", Type.INTEGER, "Equipment that the instrument sits on."),
        Column("loop_id", Type.INTEGER, "Control loop; null for a tag that only indicates.", nullable=True),
        Column("tag_name", Type.STRING, "Tag name by ISA-5.1, such as 12-TI-101; unique in its organization."),
        Column("isa_function", Type.STRING, "Function letters of ISA-5.1, such as TI or LIC."),
        Column(
            "tag_role",
            Type.STRING,
            "Process value, set point, controller output, mode of a loop, or state of the unit.",
            accepted=("PV", "SP", "OP", "MODE", "STATE"),
        ),
        Column("description", Type.STRING, "What the tag measures, and where."),
        Column("unit_of_measure", Type.STRING, "Unit of measure of the values, as people write it: °C, cm, l/h."),
        Column("unece_code", Type.STRING, "Code of the unit of measure.", unit="UN/ECE recommendation 20"),
        Column("range_low", Type.DOUBLE, "Low end of the instrument's range.", unit="unit_of_measure"),
        Column("range_high", Type.DOUBLE, "High end of the instrument's range.", unit="unit_of_measure"),
        Column("resolution", Type.DOUBLE, "Every value is a whole multiple of it.", unit="unit_of_measure"),
        Column("scan_interval_ms", Type.INTEGER, "Nominal time between two readings.", unit="ms"),
        Column(
            "is_stepped", Type.BOOLEAN, "Whether a value holds until the next one, instead of a straight line between the two."
        ),
        Column(
            "exception_deviation",
            Type.DOUBLE,
            "How far a value must be from the last one sent to be sent itself; null where every scan gives a reading.",
            nullable=True,
            unit="unit_of_measure",
        ),
        Column(
            "exception_max_seconds",
            Type.INTEGER,
            "After which time a value is sent in any case; null where every scan gives a reading.",
            nullable=True,
            unit="s",
        ),
        Column(
            "compression_deviation",
            Type.DOUBLE,
            "How far a straight line between the readings may be from the values sent; null without swinging-door compression.",
            nullable=True,
            unit="unit_of_measure",
        ),
        Column(
            "compression_max_seconds",
            Type.INTEGER,
            "Longest time between two readings; null without swinging-door compression.",
            nullable=True,
            unit="s",
        ),
        Column("max_hold_seconds", Type.INTEGER, "How long a value holds at most when no other follows.", unit="s"),
        Column("normal_value", Type.DOUBLE, "Value in normal operation.", unit="unit_of_measure"),
        Column("noise_sd", Type.DOUBLE, "Standard deviation of the instrument's noise.", unit="unit_of_measure"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("unit_id", "asset.units"),
        references_in_organization("equipment_id", "asset.equipment"),
        references_in_organization("loop_id", "asset.control_loops"),
    ),
)

TAG_LIMITS = Table(
    source="asset",
    name="tag_limits",
    description="One row per alarm of a tag and setting of it: limit, dead band, delays and priority from a day on.",
    key=("org_id", "tag_id", "condition", "valid_from"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("tag_id", Type.INTEGER, "Tag that is watched."),
        ALARM_CONDITION,
        Column("valid_from", Type.DATE, "Day from whose beginning on the setting holds.", unit="UTC"),
        Column(
            "limit_value",
            Type.DOUBLE,
            "The condition holds beyond this value; null for BADPV.",
            nullable=True,
            unit="unit_of_measure of the tag",
        ),
        Column(
            "deadband",
            Type.DOUBLE,
            "By how much the value must come back behind the limit.",
            unit="unit_of_measure of the tag",
        ),
        Column("on_delay_seconds", Type.INTEGER, "How long the value must be beyond the limit.", unit="s"),
        Column("off_delay_seconds", Type.INTEGER, "How long the value must be back.", unit="s"),
        ALARM_PRIORITY,
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("tag_id", "asset.tags"),),
)

SOURCE = Source(
    name="asset",
    domain="chemical",
    description=("Asset register: sites, plants, units and equipment after ISA-95, control loops, tags and alarm limits."),
    tables=(SITES, PLANTS, UNITS, EQUIPMENT, CONTROL_LOOPS, TAGS, TAG_LIMITS),
)
