"""Source `fin`: accounts receivable."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, ForeignKey, Source, Table, Type, references

INVOICES = Table(
    source="fin",
    name="invoices",
    description=(
        "One row per invoice or credit note: an invoice for every shipment, a credit note for every return. The amounts of a"
        " credit note are negative, so that sums are what is owed."
    ),
    key=("invoice_id",),
    updated_column="updated_at",
    columns=(
        Column("invoice_id", Type.BIGINT, "Invoice or credit note."),
        Column("invoice_type", Type.STRING, "What the document is.", accepted=("invoice", "credit_note")),
        Column("order_id", Type.BIGINT, "Order that is invoiced or credited."),
        Column("shipment_id", Type.BIGINT, "Shipment that is invoiced, or whose goods came back."),
        Column("return_id", Type.BIGINT, "Return that is credited; null for an invoice.", nullable=True),
        Column("customer_id", Type.INTEGER, "Customer who owes."),
        Column("currency_code", Type.STRING, "Currency of the amounts.", unit="ISO 4217"),
        Column("net_amount", Type.MONEY, "Amount without tax.", unit="currency_code"),
        Column("tax_amount", Type.MONEY, "Tax.", unit="currency_code"),
        Column("gross_amount", Type.MONEY, "Amount to pay; to pay back when negative.", unit="currency_code"),
        Column("invoice_date", Type.DATE, "Day of the document in the customer's local time; the tax point of an invoice."),
        Column("due_date", Type.DATE, "Day by which it is to be paid."),
        Column("invoiced_at", Type.TIMESTAMP, "When the document was issued.", unit="UTC"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("order_id", "oms.orders"),
        references("shipment_id", "wms.shipments"),
        references("return_id", "rma.returns"),
        references("customer_id", "crm.customers"),
        references("currency_code", "ref.currencies"),
    ),
)

INVOICE_LINES = Table(
    source="fin",
    name="invoice_lines",
    description="One row per line of an invoice or credit note; line_no is that of the order's line.",
    key=("invoice_id", "line_no"),
    updated_column="updated_at",
    columns=(
        Column("invoice_id", Type.BIGINT, "Invoice or credit note."),
        Column("line_no", Type.SMALLINT, "Line of the order that is invoiced or credited."),
        Column("order_id", Type.BIGINT, "Order of the line."),
        Column("product_id", Type.STRING, "Product."),
        Column("quantity", Type.INTEGER, "Units shipped; negative when they came back.", unit="units"),
        Column("net_amount", Type.MONEY, "Amount without tax: the units' share of the order's line.", unit="currency_code"),
        Column("tax_rate", Type.RATE, "Tax rate at the tax point: the day of the invoice, also for its credit notes."),
        Column(
            "tax_amount", Type.MONEY, "net_amount × tax_rate, rounded to the currency's smallest unit.", unit="currency_code"
        ),
        Column("gross_amount", Type.MONEY, "net_amount + tax_amount.", unit="currency_code"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(
        references("invoice_id", "fin.invoices"),
        ForeignKey(("order_id", "line_no"), "oms.order_lines", ("order_id", "line_no")),
        references("product_id", "pim.products"),
    ),
)

PAYMENTS = Table(
    source="fin",
    name="payments",
    description="One row per payment received or refund paid out. The amount of a refund is negative.",
    key=("payment_id",),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column("payment_id", Type.BIGINT, "Payment or refund."),
        Column("payment_type", Type.STRING, "Which way the money went.", accepted=("payment", "refund")),
        Column("customer_id", Type.INTEGER, "Customer who paid or was refunded."),
        Column("currency_code", Type.STRING, "Currency of the amount.", unit="ISO 4217"),
        Column("payment_method", Type.STRING, "How it was paid.", accepted=("card", "wallet", "bank_transfer", "direct_debit")),
        Column("paid_amount", Type.MONEY, "Amount received; negative when paid out.", unit="currency_code"),
        Column("received_date", Type.DATE, "Day of the booking in the customer's local time."),
        Column(
            "received_at",
            Type.TIMESTAMP,
            "When the payment was booked; cards and wallets are charged within half an hour of the invoice.",
            unit="UTC",
        ),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("customer_id", "crm.customers"), references("currency_code", "ref.currencies")),
)

PAYMENT_ALLOCATIONS = Table(
    source="fin",
    name="payment_allocations",
    description=(
        "One row per payment and document that it settles. A payment may settle several invoices of an order, and an invoice"
        " may be settled by several payments."
    ),
    key=("payment_id", "invoice_id"),
    updated_column="updated_at",
    soiled=True,
    columns=(
        Column("payment_id", Type.BIGINT, "Payment or refund."),
        Column("invoice_id", Type.BIGINT, "Invoice or credit note that is settled."),
        Column("allocated_amount", Type.MONEY, "Part of the payment; negative for refunds.", unit="currency of the payment"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("payment_id", "fin.payments"), references("invoice_id", "fin.invoices")),
)

SOURCE = Source(
    name="fin",
    domain="sales",
    description="Accounts receivable: invoices, credit notes, and the payments and refunds that settle them.",
    tables=(INVOICES, INVOICE_LINES, PAYMENTS, PAYMENT_ALLOCATIONS),
)
