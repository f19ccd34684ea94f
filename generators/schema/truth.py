"""Source `truth`: the answer key. Tests compare against it, and five marts that say so (decision 0025)."""

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

DEMAND_FACTORS = Table(
    source="truth",
    name="demand_factors",
    description=(
        "One row per effect on demand, customer type, country, level of the effect and finished month: the factor that was put"
        " in, and the orders that the plan expects there with all other effects at work."
    ),
    key=("effect", "customer_type", "country_code", "level", "factor_month"),
    updated_column="updated_at",
    columns=(
        Column(
            "effect",
            Type.STRING,
            "Effect on demand.",
            accepted=(
                "weekday",
                "season",
                "holiday",
                "commercial_day",
                "payday",
                "feast",
                "growth",
                "recession",
                "shock",
                "quarter_end",
            ),
        ),
        Column("customer_type", Type.STRING, "Person (B2C) or account (B2B).", accepted=("person", "account")),
        Column("country_code", Type.STRING, "Country.", unit="ISO 3166-1"),
        Column(
            "level",
            Type.STRING,
            "Level of the effect: ISO weekday 1 to 7, month 01 to 12, holiday, payday, name of the commercial day, feast,"
            " recession or shock, calendar year, first_days or last_days of a quarter; otherwise ordinary.",
        ),
        Column("factor_month", Type.DATE, "First day of the month."),
        Column("factor", Type.DOUBLE, "Factor on the day's demand; 1 has no effect."),
        Column("day_count", Type.INTEGER, "Days of the month at this level.", unit="days"),
        Column("expected_orders", Type.DOUBLE, "Orders that the plan expects at this level in the month."),
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
            accepted=(
                "sensor_failure",
                "communication_gap",
                "frozen",
                "drift",
                "late_file",
                "spike",
                "clock_skew",
                "duplicate",
            ),
        ),
        Column("started_at", Type.TIMESTAMP, "Onset.", unit="UTC"),
        Column("ended_at", Type.TIMESTAMP, "End.", unit="UTC"),
        Column(
            "magnitude",
            Type.DOUBLE,
            "Size at the end, in the tag's unit of measure; of clock_skew the shift in seconds; 0 where size has no meaning.",
        ),
        Column(
            "affected_reading_count",
            Type.BIGINT,
            "Readings that bear its mark: bad, uncertain, held, drifting, spikes, late, shifted in time, or sent again.",
            unit="rows",
        ),
        Column("lost_scan_count", Type.BIGINT, "Scans that left no reading because of it.", unit="scans"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("tag_id", "asset.tags"),),
)

FAULTS = Table(
    source="truth",
    name="faults",
    description="One row per fault of a process that was put in: it moves the physics, and so what the instruments see.",
    key=("org_id", "fault_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("fault_id", Type.BIGINT, "Fault, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit that the fault hit."),
        Column("fault_kind", Type.STRING, "What went wrong, by the name that the unit's process model gives it."),
        Column("started_at", Type.TIMESTAMP, "Onset.", unit="UTC"),
        Column("ended_at", Type.TIMESTAMP, "End.", unit="UTC"),
        Column("magnitude", Type.DOUBLE, "Size, in the process model's own measure; a ramp's at its end."),
        Column("description", Type.STRING, "What happened, as a sentence."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

TRIPS = Table(
    source="truth",
    name="trips",
    description="One row per trip of a unit by its own safety limits.",
    key=("org_id", "trip_id"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("trip_id", Type.BIGINT, "Trip, unique across organizations."),
        Column("unit_id", Type.INTEGER, "Unit that tripped."),
        Column("tripped_at", Type.TIMESTAMP, "When it tripped.", unit="UTC"),
        Column("restarted_at", Type.TIMESTAMP, "When it was back at its normal point; may be after the last day.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references_in_organization("unit_id", "asset.units"),),
)

LOGBOOK_SUBJECTS = Table(
    source="truth",
    name="logbook_subjects",
    description="One row per entry of the logbook and thing that it speaks of: the answer key of a search.",
    key=("org_id", "entry_id", "subject_number"),
    updated_column="updated_at",
    columns=(
        ORG_ID,
        Column("entry_id", Type.BIGINT, "Entry of the logbook."),
        Column("subject_number", Type.SMALLINT, "1, 2, 3 within the entry."),
        Column(
            "aspect",
            Type.STRING,
            "What the entry says of it: symptoms before the cause is known, the cause, a defect, a repair or else.",
            accepted=(
                "symptom",
                "cause",
                "defect",
                "repair",
                "trip",
                "restart",
                "restarted",
                "sample",
                "order",
                "set_point",
                "manual",
                "automatic",
                "round",
                "quiet",
                "safety",
                "handover",
            ),
        ),
        Column("fault_id", Type.BIGINT, "Fault in truth.faults; null for none.", nullable=True),
        Column("defect_id", Type.BIGINT, "Defect in truth.defects; null for none.", nullable=True),
        Column("trip_id", Type.BIGINT, "Trip in truth.trips; null for none.", nullable=True),
        Column("sample_id", Type.BIGINT, "Sample in lims.samples; null for none.", nullable=True),
        Column("work_order_id", Type.BIGINT, "Work order in cmms.work_orders; null for none.", nullable=True),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references_in_organization("entry_id", "logbook.entries"),
        references_in_organization("fault_id", "truth.faults"),
        references_in_organization("trip_id", "truth.trips"),
        references_in_organization("sample_id", "lims.samples"),
        references_in_organization("work_order_id", "cmms.work_orders"),
    ),
)

BUSINESS_EVENTS = Table(
    source="truth",
    name="business_events",
    description="One row per window in which something moved sales, with the effect that it was given.",
    key=("event_id",),
    updated_column="updated_at",
    columns=(
        Column("event_id", Type.STRING, "Event, such as promotion-17 or recession-2009-western-europe."),
        Column(
            "event_type",
            Type.STRING,
            "What kind of event.",
            accepted=("recession", "shock", "promotion", "stock_out"),
        ),
        Column("scope_kind", Type.STRING, "What the scope names.", accepted=("region", "market", "product_and_warehouse")),
        Column("scope_value", Type.STRING, "Where it held: a region, a market, or product/warehouse."),
        Column("starts_on", Type.DATE, "First day."),
        Column("ends_on", Type.DATE, "Last day."),
        Column(
            "true_effect",
            Type.RATE,
            "Factor on demand at the event's peak: on that of persons for a recession or shock, the lift of a promotion's"
            " products, the share of demand that a stock-out leaves.",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
)

LATENT_CUSTOMERS = Table(
    source="truth",
    name="latent_customers",
    description="One row per customer: the hidden properties that its behaviour is drawn from.",
    key=("customer_id",),
    updated_column="updated_at",
    columns=(
        Column("customer_id", Type.INTEGER, "Customer."),
        Column("order_rate", Type.DOUBLE, "Relative rate of ordering while alive; the mean of a type is its gamma shape."),
        Column("churns_on", Type.DATE, "First day on which the customer no longer orders; null for never.", nullable=True),
        Column("extra_lines", Type.DOUBLE, "Mean number of lines of an order beyond the first."),
        Column("volume", Type.DOUBLE, "Factor on the packs that an account orders."),
        Column("promptness", Type.DOUBLE, "Added to the logit of the country's share of prompt payers."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("customer_id", "crm.customers"),),
)

LATENT_PRODUCTS = Table(
    source="truth",
    name="latent_products",
    description="One row per product: the hidden properties that its sales are drawn from.",
    key=("product_id",),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Product."),
        Column("popularity", Type.DOUBLE, "Relative popularity at launch, before drift and season."),
        Column("price_elasticity", Type.DOUBLE, "Elasticity of demand with respect to a promotion's price; negative."),
        Column("return_rate", Type.DOUBLE, "Probability that a shipped line of a person comes back."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("product_id", "pim.products"),),
)

LOST_SALES = Table(
    source="truth",
    name="lost_sales",
    description="One row per line that a customer would have ordered, had the product not been out of stock.",
    key=("order_id", "product_id"),
    updated_column="updated_at",
    columns=(
        Column("order_id", Type.BIGINT, "Order that went on without the line."),
        Column("product_id", Type.STRING, "Product that was out of stock."),
        Column("warehouse_id", Type.SMALLINT, "Warehouse that had none."),
        Column("quantity", Type.INTEGER, "Units wanted.", unit="units"),
        Column("order_date", Type.DATE, "Day of the order in the customer's local time."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("order_id", "oms.orders"),
        references("product_id", "pim.products"),
        references("warehouse_id", "wms.warehouses"),
    ),
)

INJECTED_DEFECTS = Table(
    source="truth",
    name="injected_defects",
    description="One row per row of a sales table that was soiled on its way to the lake (`--dirt`), and how.",
    key=("table_name", "row_key"),
    updated_column="updated_at",
    columns=(
        Column("table_name", Type.STRING, "Raw table, such as oms.orders."),
        Column("row_key", Type.STRING, "Key of the soiled row as it stands in the lake; its columns joined by |."),
        Column(
            "defect_kind",
            Type.STRING,
            "What went wrong: a second copy; an older copy beside the newer one; a row of a parent that does not exist; a row"
            " that came in a later file, or last in its own; a lost customer; another currency; a representative that does not"
            " exist; text in UTF-8 that was read as Latin-1; letters that were lost.",
            accepted=(
                "duplicate",
                "stale_duplicate",
                "orphan",
                "late",
                "out_of_order",
                "missing_customer",
                "wrong_currency",
                "unknown_representative",
                "broken_encoding",
                "lost_letters",
            ),
        ),
        Column("column_name", Type.STRING, "Column that was changed; null when the whole row was hit.", nullable=True),
        Column("true_value", Type.STRING, "Its value before, as text.", nullable=True),
        Column("dirty_value", Type.STRING, "Its value in the lake, as text.", nullable=True),
        Column("is_repairable", Type.BOOLEAN, "Whether what is in the lake suffices to find the truth."),
        CREATED_AT,
        UPDATED_AT,
    ),
)

SOURCE = Source(
    name="truth",
    domain="shared",
    description="The answer key: every effect and defect that was put in. For tests, and for scorecards of what was found.",
    tables=(
        DEMAND_FACTORS,
        DEFECTS,
        FAULTS,
        TRIPS,
        LOGBOOK_SUBJECTS,
        BUSINESS_EVENTS,
        LATENT_CUSTOMERS,
        LATENT_PRODUCTS,
        LOST_SALES,
        INJECTED_DEFECTS,
    ),
)
