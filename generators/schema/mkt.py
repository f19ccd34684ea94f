"""Source `mkt`: campaign management."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

PROMOTIONS = Table(
    source="mkt",
    name="promotions",
    description="One row per promotion: a price reduction for persons, on some products, in one market, for some days.",
    key=("promotion_id",),
    updated_column="updated_at",
    columns=(
        Column("promotion_id", Type.INTEGER, "Promotion: ascending with the first day."),
        Column("promotion_name", Type.STRING, "Name of the promotion."),
        Column(
            "promotion_type",
            Type.STRING,
            "Occasion of the promotion.",
            accepted=("seasonal_sale", "category_week", "black_week", "clearance"),
        ),
        Column("market_code", Type.STRING, "Market in which it holds."),
        Column("discount_rate", Type.RATE, "Reduction as a share of the list price: 0.20 for 20 %."),
        Column("starts_on", Type.DATE, "First day."),
        Column("ends_on", Type.DATE, "Last day."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("market_code", "ref.markets"),),
)

PROMOTION_PRODUCTS = Table(
    source="mkt",
    name="promotion_products",
    description="One row per promotion and product that it reduces.",
    key=("promotion_id", "product_id"),
    updated_column="updated_at",
    columns=(
        Column("promotion_id", Type.INTEGER, "Promotion."),
        Column("product_id", Type.STRING, "Product."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("promotion_id", "mkt.promotions"), references("product_id", "pim.products")),
)

SOURCE = Source(
    name="mkt",
    domain="sales",
    description="Campaign management: promotions and what they reduce.",
    tables=(PROMOTIONS, PROMOTION_PRODUCTS),
)
