"""What the dbt tests of the sales company must notice: corruptions of its raw tables and marts, by name."""

from __future__ import annotations

from tests.python.corruption import Control, changed

FIRST_ORDER = "order_id = (select min(order_id) from rows)"

CONTROLS = {
    "a line is lost": Control(
        "oms.order_lines",
        "select * from rows where not (line_no = 1 and order_id % 100 = 7)",
        "assert_order_counts_its_lines",
    ),
    "a header is one cent off": Control(
        "oms.orders",
        changed("net_amount", "cast(net_amount + 0.01 as decimal(18, 2))", FIRST_ORDER),
        "assert_order_total_is_the_sum_of_its_lines",
    ),
    "a payment came twice": Control(
        "fin.payment_allocations",
        "select * replace (2 * allocated_amount as allocated_amount) from rows",
        "assert_no_payment_exceeds_its_invoice",
    ),
    "a payment is allocated in part": Control(
        "fin.payment_allocations",
        changed("allocated_amount", "cast(allocated_amount - 0.01 as decimal(18, 2))", "payment_id % 100 = 1"),
        "assert_payments_are_allocated_in_full",
    ),
    "allocations are lost": Control(
        "fin.payment_allocations",
        "select * from rows where payment_id % 3 <> 0",
        "assert_receivables_agree_with_open_invoices",
    ),
    "a payment of somebody else": Control(
        "fin.payments",
        changed("customer_id", "customer_id + 1", "payment_id % 100 = 1"),
        "assert_payments_come_from_the_invoiced_customer",
    ),
    "a line of an invoice is lost": Control(
        "fin.invoice_lines",
        "select * from rows where not (line_no = 1 and order_id % 100 = 7)",
        "assert_invoice_total_is_the_sum_of_its_lines",
    ),
    "an invoice at yesterday's tax rate": Control(
        "fin.invoice_lines",
        changed("tax_rate", "cast(tax_rate + 0.01 as decimal(18, 6))", "order_id % 100 = 7"),
        "assert_invoice_tax_is_that_of_the_tax_point",
    ),
    "shipments that nobody invoiced": Control(
        "fin.invoices",
        "select * from rows where order_id % 50 <> 9",
        "assert_invoices_repeat_their_shipments",
    ),
    "an invoice whose tax was booked twice": Control(
        "fin.invoices",
        changed("tax_amount", "cast(2 * tax_amount + 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_ledger_is_balanced",
    ),
    "a unit too many in the parcel": Control(
        "wms.shipment_lines",
        changed("quantity", "quantity + 1", "order_id % 100 = 7"),
        "assert_shipped_is_what_was_ordered",
    ),
    "deliveries that never came": Control(
        "wms.stock_movements",
        "select * from rows where not (movement_type = 'receipt' and movement_id % 7 = 0)",
        "assert_stock_is_never_negative",
    ),
    "a count that is one off": Control(
        "wms.stock_snapshots",
        "select * replace (quantity + 1 as quantity) from rows",
        "assert_stock_snapshots_agree_with_the_movements",
    ),
    "a parcel that left before it was ordered": Control(
        "oms.order_events",
        changed("occurred_at", "occurred_at - interval 60 days", "event_type = 'shipped' and order_id % 50 = 7"),
        "assert_order_events_ascend",
    ),
    "a promotion that begins too late": Control(
        "mkt.promotions",
        "select * replace (starts_on + 5 as starts_on) from rows",
        "assert_promotions_reduce_what_they_say",
    ),
    "payments before their invoices": Control(
        "fin.payments",
        "select * replace (received_at - interval 90 days as received_at, received_date - 90 as received_date) from rows",
        "assert_events_come_in_order",
    ),
    "money that nobody asked for": Control(
        "fin.payments",
        "select * replace (cast(paid_amount + 0.01 as decimal(18, 2)) as paid_amount) from rows",
        "assert_money_is_conserved",
    ),
    "everybody pays by card": Control(
        "fin.payments",
        "select * replace ('card' as payment_method) from rows",
        "assert_statistics_are_within_the_published_bands",
    ),
    "an invoice due a day late": Control(
        "fin.invoices",
        changed("due_date", "due_date + 1", "order_id % 100 = 7"),
        "assert_due_date_follows_the_terms",
    ),
    "more came back than was sent": Control(
        "rma.return_lines",
        changed("quantity", "quantity + 1000", "return_id = (select min(return_id) from rows)"),
        "assert_returned_is_what_was_shipped",
    ),
    "a representative who never took up the territory": Control(
        "crm.territory_assignments",
        "select * from rows where not (rep_id % 2 = 0 and assignment_status = 'active')",
        "assert_orders_fall_in_an_assignment_of_their_rep",
    ),
    "representatives who left long ago": Control(
        "crm.territory_assignments",
        "select * replace ('ended' as assignment_status) from rows",
        "assert_reps_are_employed_when_they_take_orders",
    ),
    "a company without accounts": Control(
        "crm.customers",
        "select * replace ('person' as customer_type) from rows",
        "assert_every_published_fact_is_measured",
    ),
    "customers won after their orders": Control(
        "crm.customers",
        "select * replace (acquired_on + 1000 as acquired_on) from rows",
        "assert_orders_follow_the_acquisition",
    ),
    "a person with a representative": Control(
        "crm.customers",
        changed("customer_type", "'person'", "customer_type = 'account' and customer_id % 5 = 2"),
        "assert_customers_belong_to_their_country",
    ),
    "customers with two billing addresses": Control(
        "crm.customer_addresses",
        "select * from rows union all select * from rows where address_type = 'billing' and customer_id % 2 = 0",
        "assert_customers_agree_with_revenue_by_day",
    ),
    "an address lost": Control(
        "crm.customer_addresses",
        "select * from rows where not (address_type = 'billing' and customer_id % 50 = 7)",
        "assert_customers_have_one_billing_address",
    ),
    "a parcel to somebody else": Control(
        "crm.customer_addresses",
        "select * replace (customer_id + 1 as customer_id) from rows",
        "assert_orders_go_to_an_address_of_their_customer",
    ),
    "a price cut that is not on the list": Control(
        "pim.product_prices",
        "select * replace (cast(list_price + 0.01 as decimal(18, 2)) as list_price) from rows",
        "assert_list_price_is_that_of_the_order_date",
    ),
    "a market without prices": Control(
        "pim.product_prices",
        "select * from rows where market_code <> (select min(market_code) from rows)",
        "assert_products_have_a_price_all_their_life",
    ),
    "products ordered before their launch": Control(
        "pim.products",
        "select * replace (launched_on + 2000 as launched_on) from rows",
        "assert_products_are_on_sale_on_the_order_date",
    ),
    "categories in the other tax class": Control(
        "pim.product_categories",
        "select * replace (case tax_class when 'standard' then 'reduced' else 'standard' end as tax_class) from rows",
        "assert_tax_class_is_that_of_the_category",
    ),
    "a tax rate that changed unnoticed": Control(
        "ref.tax_rates",
        "select * replace (cast(tax_rate + 0.01 as decimal(18, 6)) as tax_rate) from rows",
        "assert_tax_rate_is_that_of_the_order_date",
    ),
    "a tax rate that no law knows": Control(
        "ref.tax_rates",
        changed("tax_rate", "cast(tax_rate + 0.005 as decimal(18, 6))", "tax_class = 'standard'"),
        "assert_tax_rates_are_the_published_ones",
    ),
    "tax on a line rounded away": Control(
        "oms.order_lines",
        changed("tax_amount", "cast(tax_amount + 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_tax_is_the_rate_of_the_net_amount",
    ),
    "a discount that nobody granted": Control(
        "oms.order_lines",
        changed("net_amount", "cast(net_amount - 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_line_amounts_follow_from_price_and_quantity",
    ),
    "lines of an unknown order": Control(
        "oms.order_lines",
        changed("order_id", "-order_id", "order_id % 100 = 7"),
        "assert_marts_hold_every_order",
    ),
    "an order without its lines": Control(
        "oms.order_lines",
        "select * from rows where order_id % 100 <> 7",
        "assert_revenue_by_day_agrees_with_the_order_lines",
    ),
    "an order dated by another clock": Control(
        "oms.orders",
        changed("utc_offset_minutes", "utc_offset_minutes + 720", "order_id % 10 = 7"),
        "assert_order_date_is_the_local_date",
    ),
    "order numbers that run backwards": Control(
        "oms.orders",
        changed("ordered_at", "ordered_at - interval 20 days", "order_id % 10 = 7"),
        "assert_order_numbers_ascend",
    ),
    "a country that changed its currency": Control(
        "ref.countries",
        "select * replace ('XXX' as currency_code) from rows",
        "assert_orders_are_in_the_currency_of_their_country",
    ),
    "a bank holiday without a fixing": Control(
        "ref.fx_rates",
        "select * from rows where not (currency_code = 'USD' and day(rate_date) = 13)",
        "assert_fx_rates_have_no_gaps",
    ),
    "a rate with a spike": Control(
        "ref.fx_rates",
        changed("units_per_eur", "cast(units_per_eur * 2 as decimal(18, 6))", "currency_code = 'USD' and day(rate_date) = 13"),
        "assert_fx_rates_move",
    ),
    "a month without fixings": Control(
        "ref.fx_rates",
        "select * from rows where month(rate_date) <> 6",
        "assert_every_order_date_has_a_fixing",
    ),
    "a currency without fixings": Control(
        "ref.fx_rates",
        "select * from rows where currency_code <> 'USD'",
        "assert_euros_follow_the_fixing",
    ),
    "an invoice whose order is unknown": Control(
        "fin.invoices",
        changed("order_id", "-1", "invoice_id % 1000 = 101"),
        "foreign_key_fin_invoices__order_id",
    ),
    "an order number given twice": Control(
        "oms.orders",
        f"select * from rows union all select * from rows where {FIRST_ORDER}",
        "assert_quarantine_holds_what_was_soiled",
    ),
    "every order three days later": Control(
        "oms.orders",
        "select * replace (order_date + 3 as order_date, ordered_at + interval 3 days as ordered_at) from rows",
        "assert_weekday_pattern_is_found_again",
    ),
    "a currency that nobody soiled": Control(
        "oms.orders",
        changed("currency_code", "'XXX'", FIRST_ORDER),
        "assert_row_defects_are_found_and_mended",
    ),
    "a promotion that is said to begin later": Control(
        "truth.business_events",
        changed("starts_on", "starts_on + 1", "event_type = 'promotion'"),
        "assert_events_of_promotions_are_their_windows",
    ),
}

# What staging mends or refuses to take cannot be corrupted from outside: these damage the mart itself.
MART_CONTROLS = {
    "two versions of a customer at once": Control(
        "sales.dim_customer_versions",
        "select * from rows union all select * from rows where customer_id % 50 = 7",
        "assert_customer_versions_follow_each_other",
    ),
    "customers counted twice": Control(
        "sales.dim_customers",
        "select * from rows union all select * from rows where customer_id % 50 = 7",
        "assert_cohorts_add_up",
    ),
    "entries booked twice": Control(
        "sales.fct_general_ledger",
        "select * from rows union all select * from rows where account_name = 'cash'",
        "assert_ledger_agrees_with_its_documents",
    ),
}
