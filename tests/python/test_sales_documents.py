"""The documents from order to refund agree with each other and with the master data, to the cent and to the minute."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.sales.money import share_of
from tests.python.sales_tables import assert_none, rows, scenario_of

PRESETS = pytest.mark.parametrize("preset", ["tiny", "small"])


@given(
    amount=st.integers(0, 10**12),
    millionths=st.integers(0, 1_000_000),
    minor_unit=st.sampled_from([1, 100]),
)
def test_shares_round_halves_up_to_the_minor_unit(amount: int, millionths: int, minor_unit: int) -> None:
    exact = Decimal(amount) * millionths / 1_000_000 / minor_unit
    expected = int(exact.quantize(Decimal(1), ROUND_HALF_UP)) * minor_unit
    assert share_of(np.array([amount]), np.array([millionths]), np.array([minor_unit])).tolist() == [expected]


@PRESETS
def test_header_is_the_sum_of_its_lines(preset: str) -> None:
    assert_none(
        preset,
        """
        select order_id
        from oms.orders as o
        inner join oms.order_lines as l using (order_id)
        group by order_id, o.net_amount, o.tax_amount, o.gross_amount, o.discount_amount, o.line_count
        having sum(l.net_amount) <> o.net_amount or sum(l.tax_amount) <> o.tax_amount
            or sum(l.gross_amount) <> o.gross_amount or sum(l.discount_amount) <> o.discount_amount
            or count(*) <> o.line_count or min(l.line_no) <> 1 or max(l.line_no) <> count(*)
        """,
    )
    assert_none(preset, "select order_id from oms.orders where order_id not in (select order_id from oms.order_lines)")


@PRESETS
@pytest.mark.parametrize("digits", [0, 2])
def test_line_amounts_are_exact_in_the_minor_unit_of_the_currency(preset: str, digits: int) -> None:
    lines = f"""
        select l.*
        from oms.order_lines as l
        inner join oms.orders as o using (order_id)
        inner join ref.currencies as c using (currency_code)
        where c.minor_unit_digits = {digits}
    """
    assert rows(preset, f"select count(*) > 0 from ({lines})") == [(True,)]
    assert_none(
        preset,
        f"""
        select *
        from ({lines})
        where net_amount <> round(quantity * list_price * (1 - discount_rate), {digits})
            or tax_amount <> round(net_amount * tax_rate, {digits})
            or gross_amount <> net_amount + tax_amount
            or discount_amount <> quantity * list_price - net_amount
            or list_price <> round(list_price, {digits})
            or list_price <= 0 or quantity <= 0
        """,
    )


@PRESETS
def test_tax_rate_is_that_of_the_country_and_class_on_the_day(preset: str) -> None:
    assert_none(
        preset,
        """
        select l.order_id
        from oms.order_lines as l
        inner join oms.orders as o using (order_id)
        inner join pim.products as p using (product_id)
        inner join pim.product_categories as c using (category_id)
        asof join ref.tax_rates as t
            on o.country_code = t.country_code and l.tax_class = t.tax_class and o.order_date >= t.effective_from
        where l.tax_rate <> t.tax_rate or l.tax_class <> c.tax_class
        """,
    )


@PRESETS
def test_price_is_that_of_the_list_in_force_and_the_product_is_on_sale(preset: str) -> None:
    assert_none(
        preset,
        """
        select l.order_id
        from oms.order_lines as l
        inner join oms.orders as o using (order_id)
        inner join pim.products as p using (product_id)
        left join pim.product_withdrawals as w using (product_id)
        asof left join pim.product_prices as t
            on l.product_id = t.product_id and o.market_code = t.market_code and o.order_date >= t.effective_from
        where t.list_price is distinct from l.list_price or t.currency_code <> o.currency_code
            or o.order_date < p.launched_on or o.order_date >= coalesce(w.withdrawn_on, date '9999-12-31')
        """,
    )


@PRESETS
def test_prices_change_when_they_are_listed_again(preset: str) -> None:
    assert_none(
        preset,
        """
        select *, lag(list_price) over (partition by product_id, market_code order by effective_from) as before
        from pim.product_prices
        qualify before = list_price
        """,
    )


@PRESETS
def test_the_representative_is_employed_and_works_in_the_country(preset: str) -> None:
    assert_none(
        preset,
        """
        select o.order_id
        from oms.orders as o
        inner join crm.sales_reps as r using (rep_id)
        inner join crm.territories as t using (territory_id)
        left join crm.territory_assignments as a on o.rep_id = a.rep_id and a.assignment_status = 'ended'
        where o.order_date < r.hired_on or o.order_date >= coalesce(a.effective_from, date '9999-12-31')
            or o.country_code <> t.country_code or r.job_title <> 'Sales Representative'
        """,
    )
    assert_none(preset, "select * from crm.customers where (customer_type = 'account') <> (rep_id is not null)")
    assert_none(preset, "select * from oms.orders where (sales_channel in ('phone', 'field_sales')) <> (rep_id is not null)")


@PRESETS
def test_orders_go_to_an_address_of_a_customer_who_has_been_won(preset: str) -> None:
    assert_none(
        preset,
        """
        select o.order_id
        from oms.orders as o
        inner join crm.customers as c using (customer_id)
        inner join crm.customer_addresses as a on o.shipping_address_id = a.address_id
        where a.customer_id <> o.customer_id or a.country_code <> o.country_code or c.country_code <> o.country_code
            or c.currency_code <> o.currency_code or o.order_date < c.acquired_on or o.ordered_at < c.created_at
        """,
    )
    assert_none(
        preset,
        """
        select customer_id
        from crm.customer_addresses
        group by customer_id
        having count(*) filter (where address_type = 'billing') <> 1 or count(*) > 4
        """,
    )


@PRESETS
def test_events_come_in_their_order(preset: str) -> None:
    assert_none(
        preset,
        """
        select o.order_id
        from oms.orders as o
        inner join wms.shipments as s using (order_id)
        left join fin.invoices as i on s.shipment_id = i.shipment_id and i.invoice_type = 'invoice'
        left join fin.payment_allocations as a using (invoice_id)
        left join fin.payments as p using (payment_id)
        where s.shipped_at < o.ordered_at or i.invoiced_at < s.shipped_at or i.due_date < i.invoice_date
            or p.received_at < i.invoiced_at or p.received_date < i.invoice_date
        """,
    )
    assert_none(
        preset,
        """
        select r.return_id
        from rma.returns as r
        inner join oms.order_events as e on r.shipment_id = e.shipment_id and e.event_type = 'delivered'
        left join fin.invoices as i using (return_id)
        where r.requested_on < e.event_date or r.returned_at < e.occurred_at or i.invoiced_at < r.returned_at
        """,
    )
    assert_none(
        preset,
        """
        select order_id
        from oms.order_events
        qualify event_seq <> row_number() over (partition by order_id order by occurred_at, event_seq)
        """,
    )


@PRESETS
def test_no_row_is_newer_than_the_last_day(preset: str) -> None:
    until = scenario_of(preset).until
    days = {
        "oms.orders": "order_date",
        "wms.shipments": "shipped_on",
        "wms.stock_movements": "moved_on",
        "fin.invoices": "invoice_date",
        "fin.payments": "received_date",
        "rma.returns": "returned_on",
    }
    for table, day in days.items():
        assert_none(preset, f"select * from {table} where {day} >= date '{until}'")


@PRESETS
def test_what_is_ordered_is_shipped_unless_it_was_cancelled(preset: str) -> None:
    assert_none(
        preset,
        f"""
        select l.order_id, l.line_no
        from oms.order_lines as l
        inner join oms.orders as o using (order_id)
        left join wms.shipment_lines as s using (order_id, line_no)
        left join oms.order_events as e on o.order_id = e.order_id and e.event_type = 'cancelled'
        where (s.shipment_id is null) <> (e.order_id is not null)
            and o.order_date < date '{scenario_of(preset).end}' - interval 60 day
            or s.quantity <> l.quantity or s.product_id <> l.product_id
        """,
    )


@PRESETS
def test_invoices_repeat_their_shipments_and_payments_settle_them(preset: str) -> None:
    assert_none(
        preset,
        """
        select i.invoice_id
        from fin.invoices as i
        inner join fin.invoice_lines as n using (invoice_id)
        inner join oms.order_lines as l on n.order_id = l.order_id and n.line_no = l.line_no
        inner join wms.shipment_lines as s on i.shipment_id = s.shipment_id and n.line_no = s.line_no
        where i.invoice_type = 'invoice' and (n.net_amount <> l.net_amount or n.quantity <> s.quantity)
        """,
    )
    assert_none(
        preset,
        """
        select i.invoice_id
        from fin.invoices as i
        inner join fin.payment_allocations as a using (invoice_id)
        group by i.invoice_id, i.gross_amount
        having abs(sum(a.allocated_amount)) > abs(i.gross_amount) or min(a.allocated_amount * i.gross_amount) <= 0
        """,
    )
    assert_none(
        preset,
        """
        select p.payment_id
        from fin.payments as p
        left join fin.payment_allocations as a using (payment_id)
        group by p.payment_id, p.paid_amount
        having sum(a.allocated_amount) is distinct from p.paid_amount
        """,
    )


@PRESETS
def test_shelves_are_never_below_empty_and_snapshots_count_them(preset: str) -> None:
    assert_none(
        preset,
        """
        with moments as (
            select product_id, warehouse_id, moved_at, sum(quantity) as quantity from wms.stock_movements group by all
        )
        select * from moments
        qualify sum(quantity) over (partition by product_id, warehouse_id order by moved_at) < 0
        """,
    )
    assert_none(
        preset,
        """
        select s.product_id, s.warehouse_id, s.snapshot_date
        from wms.stock_snapshots as s
        inner join wms.stock_movements as m
            on s.product_id = m.product_id and s.warehouse_id = m.warehouse_id and m.moved_on <= s.snapshot_date
        group by s.product_id, s.warehouse_id, s.snapshot_date, s.quantity
        having sum(m.quantity) <> s.quantity
        """,
    )


def test_stock_outs_cost_sales_and_delay_orders() -> None:
    """4 % of demand meets an empty shelf; half of it is lost, unless it is an order's first line."""
    ((lost, lines, late),) = rows(
        "small",
        """
        select
            (select count(*) from truth.lost_sales),
            (select count(*) from oms.order_lines),
            (select count(*) from oms.order_events where event_type = 'back_ordered')
        """,
    )
    assert 0.005 < lost / lines < 0.03
    assert 0.02 < late / 50_000 < 0.12


def test_promotions_lift_what_they_reduce() -> None:
    """The odds of reduced products, during promotions and out of them, differ by about the lift that the answer key has."""
    ((measured, true),) = rows(
        "small",
        """
        with lines as (
            select
                o.market_code, o.order_date, p.promotion_id, l.product_id,
                o.order_date >= p.starts_on as is_during,
                pp.product_id is not null as is_included
            from oms.order_lines as l
            inner join oms.orders as o using (order_id)
            inner join crm.customers as c using (customer_id)
            inner join mkt.promotions as p
                on o.market_code = p.market_code and o.order_date between p.starts_on - 28 and p.ends_on
            left join mkt.promotion_products as pp on p.promotion_id = pp.promotion_id and l.product_id = pp.product_id
            where c.customer_type = 'person' and p.promotion_type = 'seasonal_sale'
        )
        select
            (sum((is_during and is_included)::int) / sum((is_during and not is_included)::int))
            / (sum((not is_during and is_included)::int) / sum((not is_during and not is_included)::int)),
            (select avg(true_effect) from truth.business_events as e
             inner join mkt.promotions as p on e.event_id = 'promotion-' || p.promotion_id
             where p.promotion_type = 'seasonal_sale')
        from lines
        """,
    )
    assert measured == pytest.approx(float(true), rel=0.25)


@PRESETS
def test_invoices_and_bank_payments_fall_on_working_days(preset: str) -> None:
    resting = """
        (
            contains(c.weekend_days, isodow({day})::varchar)
            or exists (
                select 1 from ref.country_holidays as h
                where h.country_code = c.country_code and h.holiday_date = {day}
            )
        )
    """
    assert_none(
        preset,
        f"""
        select i.invoice_id
        from fin.invoices as i
        inner join oms.orders as o using (order_id)
        inner join ref.countries as c using (country_code)
        where {resting.format(day="i.invoice_date")}
        """,
    )
    assert_none(
        preset,
        f"""
        select p.payment_id
        from fin.payments as p
        inner join fin.payment_allocations as a using (payment_id)
        inner join fin.invoices as i using (invoice_id)
        inner join oms.orders as o using (order_id)
        inner join ref.countries as c using (country_code)
        where p.payment_method in ('bank_transfer', 'direct_debit') and {resting.format(day="p.received_date")}
        """,
    )


def test_local_times_are_those_of_the_time_zone() -> None:
    found = rows(
        "small",
        """
        select c.time_zone, o.ordered_at, o.utc_offset_minutes, o.order_date
        from oms.orders as o inner join ref.countries as c using (country_code)
        where o.order_id % 7 = 0
        """,
    )
    for time_zone, ordered_at, offset_minutes, order_date in found:
        local = ordered_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(time_zone))
        assert local.utcoffset() == timedelta(minutes=offset_minutes)
        assert local.date() == order_date


def test_order_numbers_ascend_in_time_of_order() -> None:
    assert_none(
        "small",
        """
        select order_id
        from oms.orders
        qualify ordered_at < lag(ordered_at) over (partition by order_date order by order_id)
            or ordered_at < max(ordered_at) over (order by order_id) - interval 26 hours
            or order_id <> 1 + lag(order_id, 1, order_id - 1) over (order by order_id)
        """,
    )


def test_accounts_pay_late_where_their_country_does() -> None:
    shares = dict(
        rows(
            "small",
            """
            with paid as (
                select i.invoice_id, o.country_code, i.due_date, max(p.received_date) as received_date
                from fin.invoices as i
                inner join oms.orders as o using (order_id)
                inner join crm.customers as c on i.customer_id = c.customer_id
                left join fin.payment_allocations as a using (invoice_id)
                left join fin.payments as p using (payment_id)
                where c.customer_type = 'account' and i.invoice_type = 'invoice' and i.due_date < date '2025-09-01'
                group by all
            )
            select country_code, avg((coalesce(received_date <= due_date, false))::integer)
            from paid
            where country_code in ('DE', 'NL', 'GB', 'FR')
            group by country_code
            """,
        )
    )
    assert min(shares["NL"], shares["DE"]) > max(shares["GB"], shares["FR"])
    assert shares["DE"] == pytest.approx(0.671, abs=0.04)
