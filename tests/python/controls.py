"""What each dbt test must notice: by name, the table, the select that damages it, and the test that turns red."""

from __future__ import annotations


def changed(column: str, value: str, where: str) -> str:
    """The rows with one column changed in some of them."""
    return f"select * replace (case when {where} then {value} else {column} end as {column}) from rows"


FIRST_ORDER = "order_id = (select min(order_id) from rows)"
FIRST_TAG = "tag_id = (select min(tag_id) from rows)"
MODE_OF_A_LOOP = "tag_id = 1004"
FIRST_ALARM = "(select min(event_id) from rows where transition = 'ALM')"
RUN_STATE_TAG = 1010  # 11-XS-100
FIRST_HOUR = "measured_at < (select min(measured_at) from rows) + interval 1 hour"

# The corruption is the select that replaces the raw table `rows`; the test is dbt's name of it.
CONTROLS = {
    "a line is lost": (
        "oms.order_lines",
        "select * from rows where not (line_no = 1 and order_id % 100 = 7)",
        "assert_order_counts_its_lines",
    ),
    "a header is one cent off": (
        "oms.orders",
        changed("net_amount", "cast(net_amount + 0.01 as decimal(18, 2))", FIRST_ORDER),
        "assert_order_total_is_the_sum_of_its_lines",
    ),
    "a payment came twice": (
        "fin.payment_allocations",
        "select * replace (2 * allocated_amount as allocated_amount) from rows",
        "assert_no_payment_exceeds_its_invoice",
    ),
    "a payment is allocated in part": (
        "fin.payment_allocations",
        changed("allocated_amount", "cast(allocated_amount - 0.01 as decimal(18, 2))", "payment_id % 100 = 1"),
        "assert_payments_are_allocated_in_full",
    ),
    "allocations are lost": (
        "fin.payment_allocations",
        "select * from rows where payment_id % 3 <> 0",
        "assert_receivables_agree_with_open_invoices",
    ),
    "a payment of somebody else": (
        "fin.payments",
        changed("customer_id", "customer_id + 1", "payment_id % 100 = 1"),
        "assert_payments_come_from_the_invoiced_customer",
    ),
    "a line of an invoice is lost": (
        "fin.invoice_lines",
        "select * from rows where not (line_no = 1 and order_id % 100 = 7)",
        "assert_invoice_total_is_the_sum_of_its_lines",
    ),
    "an invoice at yesterday's tax rate": (
        "fin.invoice_lines",
        changed("tax_rate", "cast(tax_rate + 0.01 as decimal(18, 6))", "order_id % 100 = 7"),
        "assert_invoice_tax_is_that_of_the_tax_point",
    ),
    "shipments that nobody invoiced": (
        "fin.invoices",
        "select * from rows where order_id % 50 <> 9",
        "assert_invoices_repeat_their_shipments",
    ),
    "an invoice whose tax was booked twice": (
        "fin.invoices",
        changed("tax_amount", "cast(2 * tax_amount + 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_ledger_is_balanced",
    ),
    "a unit too many in the parcel": (
        "wms.shipment_lines",
        changed("quantity", "quantity + 1", "order_id % 100 = 7"),
        "assert_shipped_is_what_was_ordered",
    ),
    "deliveries that never came": (
        "wms.stock_movements",
        "select * from rows where not (movement_type = 'receipt' and movement_id % 7 = 0)",
        "assert_stock_is_never_negative",
    ),
    "a count that is one off": (
        "wms.stock_snapshots",
        "select * replace (quantity + 1 as quantity) from rows",
        "assert_stock_snapshots_agree_with_the_movements",
    ),
    "a parcel that left before it was ordered": (
        "oms.order_events",
        changed("occurred_at", "occurred_at - interval 60 days", "event_type = 'shipped' and order_id % 50 = 7"),
        "assert_order_events_ascend",
    ),
    "a promotion that begins too late": (
        "mkt.promotions",
        "select * replace (starts_on + 5 as starts_on) from rows",
        "assert_promotions_reduce_what_they_say",
    ),
    "payments before their invoices": (
        "fin.payments",
        "select * replace (received_at - interval 90 days as received_at, received_date - 90 as received_date) from rows",
        "assert_events_come_in_order",
    ),
    "money that nobody asked for": (
        "fin.payments",
        "select * replace (cast(paid_amount + 0.01 as decimal(18, 2)) as paid_amount) from rows",
        "assert_money_is_conserved",
    ),
    "everybody pays by card": (
        "fin.payments",
        "select * replace ('card' as payment_method) from rows",
        "assert_statistics_are_within_the_published_bands",
    ),
    "an invoice due a day late": (
        "fin.invoices",
        changed("due_date", "due_date + 1", "order_id % 100 = 7"),
        "assert_due_date_follows_the_terms",
    ),
    "more came back than was sent": (
        "rma.return_lines",
        changed("quantity", "quantity + 1000", "return_id = (select min(return_id) from rows)"),
        "assert_returned_is_what_was_shipped",
    ),
    "a representative who never took up the territory": (
        "crm.territory_assignments",
        "select * from rows where not (rep_id % 2 = 0 and assignment_status = 'active')",
        "assert_orders_fall_in_an_assignment_of_their_rep",
    ),
    "representatives who left long ago": (
        "crm.territory_assignments",
        "select * replace ('ended' as assignment_status) from rows",
        "assert_reps_are_employed_when_they_take_orders",
    ),
    "a company without accounts": (
        "crm.customers",
        "select * replace ('person' as customer_type) from rows",
        "assert_every_published_fact_is_measured",
    ),
    "customers won after their orders": (
        "crm.customers",
        "select * replace (acquired_on + 1000 as acquired_on) from rows",
        "assert_orders_follow_the_acquisition",
    ),
    "a person with a representative": (
        "crm.customers",
        changed("customer_type", "'person'", "customer_type = 'account' and customer_id % 5 = 2"),
        "assert_customers_belong_to_their_country",
    ),
    "customers with two billing addresses": (
        "crm.customer_addresses",
        "select * from rows union all select * from rows where address_type = 'billing' and customer_id % 2 = 0",
        "assert_customers_agree_with_revenue_by_day",
    ),
    "an address lost": (
        "crm.customer_addresses",
        "select * from rows where not (address_type = 'billing' and customer_id % 50 = 7)",
        "assert_customers_have_one_billing_address",
    ),
    "a parcel to somebody else": (
        "crm.customer_addresses",
        "select * replace (customer_id + 1 as customer_id) from rows",
        "assert_orders_go_to_an_address_of_their_customer",
    ),
    "a price cut that is not on the list": (
        "pim.product_prices",
        "select * replace (cast(list_price + 0.01 as decimal(18, 2)) as list_price) from rows",
        "assert_list_price_is_that_of_the_order_date",
    ),
    "a market without prices": (
        "pim.product_prices",
        "select * from rows where market_code <> (select min(market_code) from rows)",
        "assert_products_have_a_price_all_their_life",
    ),
    "products ordered before their launch": (
        "pim.products",
        "select * replace (launched_on + 2000 as launched_on) from rows",
        "assert_products_are_on_sale_on_the_order_date",
    ),
    "categories in the other tax class": (
        "pim.product_categories",
        "select * replace (case tax_class when 'standard' then 'reduced' else 'standard' end as tax_class) from rows",
        "assert_tax_class_is_that_of_the_category",
    ),
    "a tax rate that changed unnoticed": (
        "ref.tax_rates",
        "select * replace (cast(tax_rate + 0.01 as decimal(18, 6)) as tax_rate) from rows",
        "assert_tax_rate_is_that_of_the_order_date",
    ),
    "a tax rate that no law knows": (
        "ref.tax_rates",
        changed("tax_rate", "cast(tax_rate + 0.005 as decimal(18, 6))", "tax_class = 'standard'"),
        "assert_tax_rates_are_the_published_ones",
    ),
    "tax on a line rounded away": (
        "oms.order_lines",
        changed("tax_amount", "cast(tax_amount + 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_tax_is_the_rate_of_the_net_amount",
    ),
    "a discount that nobody granted": (
        "oms.order_lines",
        changed("net_amount", "cast(net_amount - 1 as decimal(18, 2))", "order_id % 100 = 7"),
        "assert_line_amounts_follow_from_price_and_quantity",
    ),
    "lines of an unknown order": (
        "oms.order_lines",
        changed("order_id", "-order_id", "order_id % 100 = 7"),
        "assert_marts_hold_every_order",
    ),
    "an order without its lines": (
        "oms.order_lines",
        "select * from rows where order_id % 100 <> 7",
        "assert_revenue_by_day_agrees_with_the_order_lines",
    ),
    "an order dated by another clock": (
        "oms.orders",
        changed("utc_offset_minutes", "utc_offset_minutes + 720", "order_id % 10 = 7"),
        "assert_order_date_is_the_local_date",
    ),
    "order numbers that run backwards": (
        "oms.orders",
        changed("ordered_at", "ordered_at - interval 20 days", "order_id % 10 = 7"),
        "assert_order_numbers_ascend",
    ),
    "a country that changed its currency": (
        "ref.countries",
        "select * replace ('XXX' as currency_code) from rows",
        "assert_orders_are_in_the_currency_of_their_country",
    ),
    "a bank holiday without a fixing": (
        "ref.fx_rates",
        "select * from rows where not (currency_code = 'USD' and day(rate_date) = 13)",
        "assert_fx_rates_have_no_gaps",
    ),
    "a rate with a spike": (
        "ref.fx_rates",
        changed("units_per_eur", "cast(units_per_eur * 2 as decimal(18, 6))", "currency_code = 'USD' and day(rate_date) = 13"),
        "assert_fx_rates_move",
    ),
    "a month without fixings": (
        "ref.fx_rates",
        "select * from rows where month(rate_date) <> 6",
        "assert_every_order_date_has_a_fixing",
    ),
    "a currency without fixings": (
        "ref.fx_rates",
        "select * from rows where currency_code <> 'USD'",
        "assert_euros_follow_the_fixing",
    ),
    "an invoice whose order is unknown": (
        "fin.invoices",
        changed("order_id", "-1", "invoice_id % 1000 = 101"),
        "foreign_key_fin_invoices__order_id",
    ),
    "an order number given twice": (
        "oms.orders",
        f"select * from rows union all select * from rows where {FIRST_ORDER}",
        "assert_quarantine_holds_what_was_soiled",
    ),
    "every order three days later": (
        "oms.orders",
        "select * replace (order_date + 3 as order_date, ordered_at + interval 3 days as ordered_at) from rows",
        "assert_weekday_pattern_is_found_again",
    ),
    "a bad reading with a value": (
        "historian.readings",
        "select * replace (coalesce(value, 0.0) as value) from rows",
        "assert_bad_readings_have_no_value",
    ),
    "a reading between two steps of the instrument": (
        "historian.readings",
        changed("value", "value + 0.00033", FIRST_TAG),
        "assert_values_are_whole_multiples_of_the_resolution",
    ),
    "a reading twice": (
        "historian.readings",
        f"select * from rows union all (select * from rows where {FIRST_TAG} limit 1)",
        "assert_readings_are_unique",
    ),
    "readings lost on the way": (
        "historian.readings",
        f"select * from rows where not ({FIRST_TAG} and {FIRST_HOUR})",
        "assert_files_agree_with_their_readings",
    ),
    "the owners have left": (
        "iam.memberships",
        changed("ended_at", "joined_at", "role_id = 101"),
        "assert_every_organization_has_an_active_owner",
    ),
    "keys older than the membership": (
        "iam.api_keys",
        changed("created_at", "created_at - interval 9 years", "api_key_id % 2 = 1"),
        "assert_api_keys_end_with_their_membership",
    ),
    "a login before the account": (
        "iam.users",
        changed("last_login_at", "created_at - interval 1 day", "user_id = (select min(user_id) from rows)"),
        "assert_accounts_are_used_while_they_are_open",
    ),
    "a drift that nobody calibrated away": (
        "cmms.calibrations",
        "select * from rows where reason <> 'drift'",
        "assert_calibrations_end_drifts",
    ),
    "an alarm that nobody recorded": (
        "alarm.events",
        f"select * from rows where event_id <> {FIRST_ALARM}",
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "an alarm that never was": (
        "alarm.events",
        changed("occurred_at", "occurred_at + interval 1 second", f"event_id = {FIRST_ALARM}"),
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "an alarm that was never raised": (
        "alarm.events",
        f"select * from rows where event_id <> {FIRST_ALARM}",
        "assert_episodes_conserve_the_journal",
    ),
    "an alarm acknowledged before it sounded": (
        "alarm.events",
        changed("occurred_at", "occurred_at - interval 1 hour", "transition = 'ACK'"),
        "assert_alarms_happen_in_order",
    ),
    "a limit that no reading passed": (
        "alarm.events",
        "select * replace ('PVHI' as condition, 1e9 as limit_value) from rows",
        "assert_peaks_are_beyond_their_limits",
    ),
    "a unit that stands although it never tripped": (
        "historian.readings",
        changed("value", "0.0", f"tag_id = {RUN_STATE_TAG} and {FIRST_HOUR}"),
        "assert_trips_are_found_again",
    ),
    "faults that were noticed before they began": (
        "truth.faults",
        "select * replace (started_at + interval 20 hours as started_at) from rows",
        "assert_every_fault_is_scored",
    ),
    "defects of days without readings": (
        "truth.defects",
        "select * replace (started_at + interval 20 days as started_at, ended_at + interval 20 days as ended_at) from rows",
        "assert_every_defect_is_scored",
    ),
    "work that was done before it began": (
        "cmms.work_order_events",
        changed("occurred_at", "occurred_at - interval 1 day", "event_kind = 'completed'"),
        "assert_work_orders_happen_in_order",
    ),
    "a currency that nobody soiled": (
        "oms.orders",
        changed("currency_code", "'XXX'", FIRST_ORDER),
        "assert_row_defects_are_found_and_mended",
    ),
    "a promotion that is said to begin later": (
        "truth.business_events",
        changed("starts_on", "starts_on + 1", "event_type = 'promotion'"),
        "assert_events_of_promotions_are_their_windows",
    ),
    "limits that were moved afterwards": (
        "asset.tag_limits",
        "select * replace (limit_value + 5 * deadband as limit_value) from rows",
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "a phase that nobody recorded": (
        "batch.phases",
        "select * from rows where phase_no <> 6",
        "assert_phases_add_up_to_the_cycle_time",
    ),
    "a mode that no loop has": (
        "historian.readings",
        changed("value", "3.0", MODE_OF_A_LOOP),
        "assert_times_in_modes_add_up",
    ),
    "a failed sensor that says it is good": (
        "historian.readings",
        "select * replace (case when quality = 16 then 192 else quality end as quality) from rows",
        "assert_defects_are_seen_in_tag_health",
    ),
}

# What staging mends or refuses to take cannot be corrupted from outside: these damage the mart itself.
MART_CONTROLS = {
    "two versions of a customer at once": (
        "sales.dim_customer_versions",
        "select * from rows union all select * from rows where customer_id % 50 = 7",
        "assert_customer_versions_follow_each_other",
    ),
    "customers counted twice": (
        "sales.dim_customers",
        "select * from rows union all select * from rows where customer_id % 50 = 7",
        "assert_cohorts_add_up",
    ),
    "entries booked twice": (
        "sales.fct_general_ledger",
        "select * from rows union all select * from rows where account_name = 'cash'",
        "assert_ledger_agrees_with_its_documents",
    ),
    "a month that counts an alarm too many": (
        "chemical.fct_alarm_performance",
        "select * replace (annunciation_count + 1 as annunciation_count) from rows",
        "assert_alarm_performance_agrees_with_the_alarms",
    ),
    "a unit that is down twice at once": (
        "chemical.fct_unit_downtime",
        "select * from rows union all"
        " select * replace (unit_downtime_id + 1 as unit_downtime_id, started_at + interval 1 second as started_at) from rows",
        "assert_downtimes_do_not_overlap",
    ),
    "a result of the laboratory that is lost": (
        "chemical.fct_lab_results",
        "select * from rows where sample_id % 7 <> 0",
        "assert_every_laboratory_result_appears_once",
    ),
    "a page of the logbook that is torn out": (
        "chemical.fct_logbook_entries",
        "select * from rows where entry_id % 7 <> 0",
        "assert_every_entry_and_work_order_appears_once",
    ),
    "an online value of another moment": (
        "chemical.fct_lab_results",
        "select * replace (online_value * 1.01 as online_value) from rows",
        "assert_online_values_agree_with_the_roll_ups",
    ),
    "errors of the other sign": (
        "chemical.fct_control_loop_performance",
        "select * replace (-mean_error_percent as mean_error_percent) from rows",
        "assert_loop_errors_agree_with_the_daily_averages",
    ),
    "readings that follow none of their minute": (
        "intermediate.int_reading_minutes",
        "select * replace (link_count - 1 as link_count) from rows",
        "assert_readings_of_a_minute_are_one_chain",
    ),
    "a minute that no level knows": (
        "intermediate.int_reading_minutes",
        "select * from rows union all (select * replace (-1 as reading_bucket_key) from rows limit 1)",
        "assert_every_reading_is_in_one_minute",
    ),
    "an edge that has two values": (
        "intermediate.int_readings_by_minute",
        "select * replace (end_bound_eighths + 1 as end_bound_eighths) from rows",
        "assert_buckets_end_where_the_next_begins",
    ),
    "an hour that rose further than its quarters": (
        "intermediate.int_readings_by_hour",
        "select * replace (increase_steps + 1 as increase_steps) from rows",
        "assert_levels_conserve_counts_and_sums",
    ),
    "a day that arrived later than its readings": (
        "intermediate.int_readings_by_day",
        "select * replace (last_ingested_at + interval 1 second as last_ingested_at) from rows",
        "assert_days_equal_the_readings",
    ),
    "a local day that lasts too long": (
        "intermediate.int_readings_by_local_day",
        "select * replace (duration_bad_us + 90000000000 as duration_bad_us) from rows",
        "assert_minimum_average_and_maximum_are_in_order",
    ),
    "a day that looks better than its minutes": (
        "chemical.fct_tag_health",
        "select * replace (100 as percent_good) from rows",
        "assert_tag_health_agrees_with_the_minutes",
    ),
}
