"""Source `rma`: the returns desk (return merchandise authorization)."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, ForeignKey, Source, Table, Type, references

RETURNS = Table(
    source="rma",
    name="returns",
    description="One row per return that has arrived: goods of one shipment that came back.",
    key=("return_id",),
    updated_column="updated_at",
    columns=(
        Column("return_id", Type.BIGINT, "Return."),
        Column("order_id", Type.BIGINT, "Order that the goods belong to."),
        Column("shipment_id", Type.BIGINT, "Shipment that the goods came in."),
        Column("customer_id", Type.INTEGER, "Customer who sent them back."),
        Column("warehouse_id", Type.SMALLINT, "Warehouse that took them in."),
        Column(
            "return_reason",
            Type.STRING,
            "Why they came back, as the customer says.",
            accepted=("changed_mind", "does_not_fit", "defective", "wrong_item", "arrived_late"),
        ),
        Column("requested_on", Type.DATE, "Day of the request in the customer's local time."),
        Column("returned_on", Type.DATE, "Day of arrival in the warehouse's local time."),
        Column("returned_at", Type.TIMESTAMP, "When the goods arrived.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("order_id", "oms.orders"),
        references("shipment_id", "wms.shipments"),
        references("customer_id", "crm.customers"),
        references("warehouse_id", "wms.warehouses"),
    ),
)

RETURN_LINES = Table(
    source="rma",
    name="return_lines",
    description="One row per return and line of the order whose units came back.",
    key=("return_id", "line_no"),
    updated_column="updated_at",
    columns=(
        Column("return_id", Type.BIGINT, "Return."),
        Column("line_no", Type.SMALLINT, "Line of the order."),
        Column("order_id", Type.BIGINT, "Order of the line."),
        Column("product_id", Type.STRING, "Product."),
        Column("quantity", Type.INTEGER, "Units that came back.", unit="units"),
        Column("item_condition", Type.STRING, "Whether the goods go back on the shelf.", accepted=("resellable", "damaged")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("return_id", "rma.returns"),
        ForeignKey(("order_id", "line_no"), "oms.order_lines", ("order_id", "line_no")),
        references("product_id", "pim.products"),
    ),
)

SOURCE = Source(
    name="rma",
    domain="sales",
    description="Returns desk: goods that came back, and why.",
    tables=(RETURNS, RETURN_LINES),
)
