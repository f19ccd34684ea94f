"""Source `pim`: the product information system."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

PRODUCT_CATEGORIES = Table(
    source="pim",
    name="product_categories",
    description="One row per node of the category tree: departments at level 1, categories below them at level 2.",
    key=("category_id",),
    updated_column="updated_at",
    columns=(
        Column("category_id", Type.INTEGER, "Category."),
        Column("parent_category_id", Type.INTEGER, "Department of the category; null for a department.", nullable=True),
        Column("category_name", Type.STRING, "Name of the category."),
        Column("category_level", Type.SMALLINT, "1 for a department, 2 for a category."),
        Column("tax_class", Type.STRING, "Tax class of the category's products.", accepted=("standard", "reduced")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("parent_category_id", "pim.product_categories", "category_id"),),
)

PRODUCTS = Table(
    source="pim",
    name="products",
    description="One row per product (stock keeping unit).",
    key=("product_id",),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Stock keeping unit, such as EL-004711."),
        Column("product_name", Type.STRING, "Name of the product in English."),
        Column("category_id", Type.INTEGER, "Category at level 2."),
        Column("brand_name", Type.STRING, "Brand."),
        Column("pack_size", Type.SMALLINT, "Units in the trade pack in which accounts order.", unit="units"),
        Column("weight_kg", Type.RATE, "Shipping weight of one unit.", unit="kg"),
        Column("launched_on", Type.DATE, "First day on which the product can be ordered."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("category_id", "pim.product_categories"),),
)

PRODUCT_PRICES = Table(
    source="pim",
    name="product_prices",
    description=(
        "One row per product, market and first day of validity: the launch, then the first of a month. A price holds until the"
        " next one. Products launched before the first day of sales start with the price of that day."
    ),
    key=("product_id", "market_code", "effective_from"),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Product."),
        Column("market_code", Type.STRING, "Market of the price list."),
        Column("effective_from", Type.DATE, "First day on which the price holds."),
        Column("currency_code", Type.STRING, "Currency of the price list.", unit="ISO 4217"),
        Column("list_price", Type.MONEY, "List price of one unit, without tax.", unit="currency_code"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("product_id", "pim.products"),
        references("market_code", "ref.markets"),
        references("currency_code", "ref.currencies"),
    ),
)

PRODUCT_COSTS = Table(
    source="pim",
    name="product_costs",
    description=(
        "One row per product and first day of validity: what one unit costs the company, landed, until the next row. The"
        " first holds from the weeks before the launch, when goods are bought for it."
    ),
    key=("product_id", "effective_from"),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Product."),
        Column("effective_from", Type.DATE, "First day on which the cost holds."),
        Column("unit_cost", Type.MONEY, "Cost of one unit.", unit="EUR"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("product_id", "pim.products"),),
)

PRODUCT_WITHDRAWALS = Table(
    source="pim",
    name="product_withdrawals",
    description="One row per product that was taken from the range.",
    key=("product_id",),
    updated_column="updated_at",
    columns=(
        Column("product_id", Type.STRING, "Product."),
        Column("withdrawn_on", Type.DATE, "First day on which it can no longer be ordered."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("product_id", "pim.products"),),
)

SOURCE = Source(
    name="pim",
    domain="sales",
    description="Product information system: the category tree, the products, their prices and costs.",
    tables=(PRODUCT_CATEGORIES, PRODUCTS, PRODUCT_PRICES, PRODUCT_COSTS, PRODUCT_WITHDRAWALS),
)
