"""Source `crm`: customers, and the people and territories that look after them."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

TERRITORIES = Table(
    source="crm",
    name="territories",
    description="One row per sales territory: the world at level 1, regions at level 2, countries at level 3.",
    key=("territory_id",),
    updated_column="updated_at",
    columns=(
        Column("territory_id", Type.INTEGER, "Territory."),
        Column("parent_territory_id", Type.INTEGER, "Territory above; null for the world.", nullable=True),
        Column("territory_name", Type.STRING, "Name of the territory."),
        Column("territory_level", Type.SMALLINT, "1 world, 2 region, 3 country."),
        Column("country_code", Type.STRING, "Country of a level 3 territory.", nullable=True, unit="ISO 3166-1"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("parent_territory_id", "crm.territories", "territory_id"),
        references("country_code", "ref.countries"),
    ),
)

SALES_REPS = Table(
    source="crm",
    name="sales_reps",
    description="One row per sales representative or sales manager.",
    key=("rep_id",),
    updated_column="updated_at",
    columns=(
        Column("rep_id", Type.INTEGER, "Sales representative."),
        Column("manager_rep_id", Type.INTEGER, "Line manager; null for the head of sales.", nullable=True),
        Column("territory_id", Type.INTEGER, "Territory that the person looks after."),
        Column("full_name", Type.STRING, "Name in the script of the person's country."),
        Column("email", Type.STRING, "Work e-mail address, unique."),
        Column("job_title", Type.STRING, "Job title.", accepted=("Head of Sales", "Regional Manager", "Sales Representative")),
        Column("hired_on", Type.DATE, "First working day."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("manager_rep_id", "crm.sales_reps", "rep_id"),
        references("territory_id", "crm.territories"),
    ),
)

CUSTOMERS = Table(
    source="crm",
    name="customers",
    description=(
        "One row per customer as it was won: a person (B2C) or an account (B2B); later changes stand in customer_changes."
        " Customer numbers are not in order of acquisition."
    ),
    key=("customer_id",),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column("customer_id", Type.INTEGER, "Customer number."),
        Column("customer_type", Type.STRING, "Person (B2C) or account (B2B).", accepted=("person", "account")),
        Column("customer_name", Type.STRING, "Full name of the person or name of the company, in the locale of the country."),
        Column("email", Type.STRING, "E-mail address at a reserved example domain."),
        Column("phone_number", Type.STRING, "Telephone number in the format of the country."),
        Column("country_code", Type.STRING, "Country of the customer.", unit="ISO 3166-1"),
        Column("currency_code", Type.STRING, "Currency in which the customer is invoiced.", unit="ISO 4217"),
        Column("locale_code", Type.STRING, "Language and country of correspondence.", unit="CLDR locale"),
        Column("territory_id", Type.INTEGER, "Territory of the customer's country."),
        Column(
            "rep_id", Type.INTEGER, "Representative in charge of an account when it was won; null for persons.", nullable=True
        ),
        Column(
            "acquisition_channel",
            Type.STRING,
            "How the customer was won.",
            accepted=("organic_search", "paid_search", "social", "referral", "field_sales", "trade_fair"),
        ),
        Column(
            "payment_terms_days", Type.SMALLINT, "Days from invoice to due date; 0 for payment with the order.", unit="days"
        ),
        Column("acquired_on", Type.DATE, "Day on which the customer was won; no order is older."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("country_code", "ref.countries"),
        references("currency_code", "ref.currencies"),
        references("territory_id", "crm.territories"),
        references("rep_id", "crm.sales_reps"),
    ),
)

CUSTOMER_ADDRESSES = Table(
    source="crm",
    name="customer_addresses",
    description="One row per address of a customer: one billing address each; accounts may have several shipping addresses.",
    key=("address_id",),
    updated_column="updated_at",
    columns=(
        Column("address_id", Type.INTEGER, "Address."),
        Column("customer_id", Type.INTEGER, "Customer at the address."),
        Column("address_type", Type.STRING, "What the address is for.", accepted=("billing", "shipping")),
        Column("street_address", Type.STRING, "Street and house number in the form of the country."),
        Column("city", Type.STRING, "City."),
        Column("postal_code", Type.STRING, "Postal code in the form of the country."),
        Column("country_code", Type.STRING, "Country of the address.", unit="ISO 3166-1"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("customer_id", "crm.customers"), references("country_code", "ref.countries")),
)

CUSTOMER_CHANGES = Table(
    source="crm",
    name="customer_changes",
    description="One row per change of one attribute of a customer after it was won.",
    key=("customer_id", "change_seq"),
    updated_column="updated_at",
    columns=(
        Column("customer_id", Type.INTEGER, "Customer."),
        Column("change_seq", Type.SMALLINT, "Number of the change within its customer, from 1, ascending with time."),
        Column(
            "changed_attribute",
            Type.STRING,
            "Column of crm.customers whose value changed.",
            accepted=("rep_id", "email", "phone_number"),
        ),
        Column("old_value", Type.STRING, "Value before, as text."),
        Column("new_value", Type.STRING, "Value after, as text."),
        Column("changed_at", Type.TIMESTAMP, "When the change took effect.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("customer_id", "crm.customers"),),
)

TERRITORY_ASSIGNMENTS = Table(
    source="crm",
    name="territory_assignments",
    description=(
        "One row per change of who looks after a territory: a representative takes it up or gives it up. Who holds a seat"
        " takes it up on the day on which the predecessor gives it up."
    ),
    key=("rep_id", "territory_id", "effective_from"),
    updated_column="updated_at",
    columns=(
        Column("rep_id", Type.INTEGER, "Sales representative or manager."),
        Column("territory_id", Type.INTEGER, "Territory."),
        Column("effective_from", Type.DATE, "First day on which the status holds."),
        Column("assignment_status", Type.STRING, "Taken up or given up.", accepted=("active", "ended")),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("rep_id", "crm.sales_reps"), references("territory_id", "crm.territories")),
)

SALES_TARGETS = Table(
    source="crm",
    name="sales_targets",
    description="One row per representative and month: the net order value to be reached (quota).",
    key=("rep_id", "target_month"),
    updated_column="updated_at",
    columns=(
        Column("rep_id", Type.INTEGER, "Sales representative who holds the seat on the first day of the month."),
        Column("target_month", Type.DATE, "First day of the month."),
        Column("currency_code", Type.STRING, "Currency of the target, that of the representative's country.", unit="ISO 4217"),
        Column("target_amount", Type.MONEY, "Net order value to be reached.", unit="currency_code"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("rep_id", "crm.sales_reps"), references("currency_code", "ref.currencies")),
)

SOURCE = Source(
    name="crm",
    domain="sales",
    description="Customer relationship management: customers, addresses, sales representatives and territories.",
    tables=(
        TERRITORIES,
        SALES_REPS,
        CUSTOMERS,
        CUSTOMER_ADDRESSES,
        CUSTOMER_CHANGES,
        TERRITORY_ASSIGNMENTS,
        SALES_TARGETS,
    ),
)
