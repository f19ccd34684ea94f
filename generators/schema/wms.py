"""Source `wms`: the warehouse management system."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, ForeignKey, Source, Table, Type, references

WAREHOUSES = Table(
    source="wms",
    name="warehouses",
    description="One row per warehouse. Each serves the countries of one part of the world.",
    key=("warehouse_id",),
    updated_column="updated_at",
    columns=(
        Column("warehouse_id", Type.SMALLINT, "Warehouse."),
        Column("warehouse_name", Type.STRING, "Name of the warehouse."),
        Column("service_area", Type.STRING, "Part of the world that the warehouse serves."),
        Column("country_code", Type.STRING, "Country in which it stands, whose calendar it follows.", unit="ISO 3166-1"),
        Column("time_zone", Type.STRING, "Time zone in which it works.", unit="IANA time zone"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("country_code", "ref.countries"),),
)

SHIPMENTS = Table(
    source="wms",
    name="shipments",
    description="One row per shipment. An order ships whole, or in parts when some of it waits for stock.",
    key=("shipment_id",),
    updated_column="updated_at",
    columns=(
        Column("shipment_id", Type.BIGINT, "Shipment."),
        Column("order_id", Type.BIGINT, "Order that is shipped."),
        Column("warehouse_id", Type.SMALLINT, "Warehouse that ships."),
        Column("carrier_name", Type.STRING, "Carrier."),
        Column("promised_on", Type.DATE, "Day by which delivery was promised when the order was placed."),
        Column("shipped_on", Type.DATE, "Day of shipment in the warehouse's local time."),
        Column("shipped_at", Type.TIMESTAMP, "When the carrier took the goods.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("order_id", "oms.orders"), references("warehouse_id", "wms.warehouses")),
)

SHIPMENT_LINES = Table(
    source="wms",
    name="shipment_lines",
    description="One row per shipment and line of the order that is in it.",
    key=("shipment_id", "line_no"),
    updated_column="updated_at",
    columns=(
        Column("shipment_id", Type.BIGINT, "Shipment."),
        Column("line_no", Type.SMALLINT, "Line of the order."),
        Column("order_id", Type.BIGINT, "Order of the line."),
        Column("product_id", Type.STRING, "Product."),
        Column("quantity", Type.INTEGER, "Units shipped.", unit="units"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("shipment_id", "wms.shipments"),
        ForeignKey(("order_id", "line_no"), "oms.order_lines", ("order_id", "line_no")),
        references("product_id", "pim.products"),
    ),
)

STOCK_MOVEMENTS = Table(
    source="wms",
    name="stock_movements",
    description=(
        "One row per movement of stock. The stock of a product in a warehouse is the sum of all its movements so far; there is"
        " none before the first."
    ),
    key=("movement_id",),
    updated_column="updated_at",
    columns=(
        Column("movement_id", Type.BIGINT, "Movement."),
        Column("product_id", Type.STRING, "Product."),
        Column("warehouse_id", Type.SMALLINT, "Warehouse."),
        Column(
            "movement_type",
            Type.STRING,
            "Receipt from a supplier, pick for a shipment, return put back on the shelf, disposal of returned goods, adjustment"
            " for what was found missing.",
            accepted=("receipt", "pick", "return", "disposal", "adjustment"),
        ),
        Column("quantity", Type.INTEGER, "Units: positive into the warehouse, negative out of it.", unit="units"),
        Column("shipment_id", Type.BIGINT, "Shipment that was picked; null for other movements.", nullable=True),
        Column("return_id", Type.BIGINT, "Return that was put back; null for other movements.", nullable=True),
        Column("moved_on", Type.DATE, "Day of the movement in the warehouse's local time."),
        Column("moved_at", Type.TIMESTAMP, "When the goods were moved.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("product_id", "pim.products"),
        references("warehouse_id", "wms.warehouses"),
        references("shipment_id", "wms.shipments"),
        references("return_id", "rma.returns"),
    ),
)

STOCK_SNAPSHOTS = Table(
    source="wms",
    name="stock_snapshots",
    description="One row per product, warehouse and last day of a month on which there is stock: the count of that evening.",
    key=("product_id", "warehouse_id", "snapshot_date"),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Product."),
        Column("warehouse_id", Type.SMALLINT, "Warehouse."),
        Column("snapshot_date", Type.DATE, "Day, in the warehouse's local time, at whose end the stock was counted."),
        Column("quantity", Type.INTEGER, "Units on the shelf.", unit="units"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("product_id", "pim.products"), references("warehouse_id", "wms.warehouses")),
)

SOURCE = Source(
    name="wms",
    domain="sales",
    description="Warehouse management system: warehouses, shipments and stock.",
    tables=(WAREHOUSES, SHIPMENTS, SHIPMENT_LINES, STOCK_MOVEMENTS, STOCK_SNAPSHOTS),
)
