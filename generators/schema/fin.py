"""Source `fin`: accounts receivable."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

INVOICES = Table(
    source="fin",
    name="invoices",
    description="One row per invoice. Every completed order has exactly one; open and cancelled orders have none.",
    key=("invoice_id",),
    updated_column="updated_at",
    columns=(
        Column("invoice_id", Type.BIGINT, "Invoice number: ten times the order's, which leaves room for credit notes."),
        Column("order_id", Type.BIGINT, "Order that is invoiced."),
        Column("customer_id", Type.INTEGER, "Customer who owes."),
        Column("currency_code", Type.STRING, "Currency of the amounts.", unit="ISO 4217"),
        Column("net_amount", Type.MONEY, "Amount without tax.", unit="currency_code"),
        Column("tax_amount", Type.MONEY, "Tax.", unit="currency_code"),
        Column("gross_amount", Type.MONEY, "Amount to pay.", unit="currency_code"),
        Column("invoice_date", Type.DATE, "Day of the invoice in the customer's local time."),
        Column("due_date", Type.DATE, "Day by which it is to be paid."),
        Column("invoiced_at", Type.TIMESTAMP, "When the invoice was issued.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("order_id", "oms.orders"),
        references("customer_id", "crm.customers"),
        references("currency_code", "ref.currencies"),
    ),
)

PAYMENTS = Table(
    source="fin",
    name="payments",
    description="One row per payment received. An invoice may be paid in full, in two parts, or not (yet) at all.",
    key=("payment_id",),
    updated_column="updated_at",
    columns=(
        Column(
            "payment_id", Type.BIGINT, "Payment: the invoice's number plus 1 for the first or only part, plus 2 for the second."
        ),
        Column("invoice_id", Type.BIGINT, "Invoice that is paid."),
        Column("customer_id", Type.INTEGER, "Customer who paid."),
        Column("currency_code", Type.STRING, "Currency of the amount, that of the invoice.", unit="ISO 4217"),
        Column("payment_method", Type.STRING, "How it was paid.", accepted=("card", "wallet", "bank_transfer", "direct_debit")),
        Column("paid_amount", Type.MONEY, "Amount received.", unit="currency_code"),
        Column("received_date", Type.DATE, "Day of receipt in the customer's local time."),
        Column(
            "received_at",
            Type.TIMESTAMP,
            "When the payment was received; cards and wallets are charged within half an hour of the invoice.",
            unit="UTC",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("invoice_id", "fin.invoices"),
        references("customer_id", "crm.customers"),
        references("currency_code", "ref.currencies"),
    ),
)

SOURCE = Source(
    name="fin",
    domain="sales",
    description="Accounts receivable: invoices and the payments received for them.",
    tables=(INVOICES, PAYMENTS),
)
