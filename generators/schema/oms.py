"""Source `oms`: the order management system."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

ORDERS = Table(
    source="oms",
    name="orders",
    description=(
        "One row per order as it was placed; what happened to it stands in order_events. Amounts are the sums of the order's"
        " lines, to the smallest unit of the currency."
    ),
    key=("order_id",),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column(
            "order_id",
            Type.BIGINT,
            "Order number: ascending with time within a local date, and overall but for the 26 hours that time zones span.",
        ),
        Column("customer_id", Type.INTEGER, "Customer who ordered; null where the system lost it (dirt).", nullable=True),
        Column(
            "rep_id", Type.INTEGER, "Representative who took the order; null when the customer ordered alone.", nullable=True
        ),
        Column("shipping_address_id", Type.INTEGER, "Address to deliver to."),
        Column("country_code", Type.STRING, "Country of delivery, whose taxes apply.", unit="ISO 3166-1"),
        Column("market_code", Type.STRING, "Market whose price list applied."),
        Column("currency_code", Type.STRING, "Currency of the order's amounts.", unit="ISO 4217"),
        Column(
            "sales_channel", Type.STRING, "Where the order was placed.", accepted=("web", "mobile_app", "phone", "field_sales")
        ),
        Column("line_count", Type.SMALLINT, "Number of lines."),
        Column("discount_amount", Type.MONEY, "Discounts granted on the lines, without tax.", unit="currency_code"),
        Column("net_amount", Type.MONEY, "Amount after discount, without tax.", unit="currency_code"),
        Column("tax_amount", Type.MONEY, "Tax.", unit="currency_code"),
        Column("gross_amount", Type.MONEY, "Amount to pay: net plus tax.", unit="currency_code"),
        Column("order_date", Type.DATE, "Day of the order in the customer's local time."),
        Column("ordered_at", Type.TIMESTAMP, "When the order was placed.", unit="UTC"),
        Column(
            "utc_offset_minutes",
            Type.SMALLINT,
            "Local time minus UTC at the customer when the order was placed.",
            unit="minutes",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("customer_id", "crm.customers"),
        references("rep_id", "crm.sales_reps"),
        references("shipping_address_id", "crm.customer_addresses", "address_id"),
        references("country_code", "ref.countries"),
        references("market_code", "ref.markets"),
        references("currency_code", "ref.currencies"),
    ),
)

ORDER_LINES = Table(
    source="oms",
    name="order_lines",
    description="One row per line of an order: one product, its price, discount and tax at the time of the order.",
    key=("order_id", "line_no"),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column("order_id", Type.BIGINT, "Order."),
        Column("line_no", Type.SMALLINT, "Position on the order, from 1."),
        Column("product_id", Type.STRING, "Product."),
        Column("quantity", Type.INTEGER, "Units ordered.", unit="units"),
        Column("list_price", Type.MONEY, "List price of one unit on the day, without tax.", unit="currency_code"),
        Column("promotion_id", Type.INTEGER, "Promotion that granted the discount; null without one.", nullable=True),
        Column("discount_rate", Type.RATE, "Discount as a share of the list price: 0.10 for 10 %."),
        Column("discount_amount", Type.MONEY, "quantity × list_price − net_amount.", unit="currency_code"),
        Column("net_amount", Type.MONEY, "Amount after discount, without tax.", unit="currency_code"),
        Column("tax_class", Type.STRING, "Tax class of the product.", accepted=("standard", "reduced")),
        Column("tax_rate", Type.RATE, "Tax rate of the country and class on the order's date."),
        Column(
            "tax_amount", Type.MONEY, "net_amount × tax_rate, rounded to the currency's smallest unit.", unit="currency_code"
        ),
        Column("gross_amount", Type.MONEY, "net_amount + tax_amount.", unit="currency_code"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("order_id", "oms.orders"),
        references("product_id", "pim.products"),
        references("promotion_id", "mkt.promotions"),
    ),
)

ORDER_EVENTS = Table(
    source="oms",
    name="order_events",
    description="One row per event in the life of an order. An order's events are numbered in order of time.",
    key=("order_id", "event_seq"),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column("order_id", Type.BIGINT, "Order."),
        Column("event_seq", Type.SMALLINT, "Number of the event within its order, from 1, ascending with time."),
        Column(
            "event_type",
            Type.STRING,
            "What happened; back_ordered when a part of the order waits for stock.",
            accepted=("placed", "confirmed", "cancelled", "back_ordered", "shipped", "delivered", "returned"),
        ),
        Column("shipment_id", Type.BIGINT, "Shipment that was shipped or delivered; null for other events.", nullable=True),
        Column("event_date", Type.DATE, "Day of the event in the customer's local time."),
        Column("occurred_at", Type.TIMESTAMP, "When it happened.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("order_id", "oms.orders"), references("shipment_id", "wms.shipments")),
)

SOURCE = Source(
    name="oms",
    domain="sales",
    description="Order management system: orders, their lines and what happened to them.",
    tables=(ORDERS, ORDER_LINES, ORDER_EVENTS),
)
