"""The capacity plan: what a lake would take, told before a row of it is made.

What the plan fixes is exact (generators/sizes.py). What is drawn, and what it costs, grows with these sizes in proportions that
are measured: `measured_runs.jsonl` holds runs of our own, written by `python benchmarks/capacity.py`, and every estimate is the
non-negative combination of sizes that fits them best. Seconds and memory are those of the machine of these runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from scipy.optimize import nnls

from generators.generation import derived, families
from generators.scenario import Scenario
from generators.sizes import sizes

RUNS_FILE = Path(__file__).with_name("measured_runs.jsonl")
MANIFEST = "meta.generation_manifest"
READINGS = "historian.readings"
DRIVER_MEGABYTES = 80  # of the process that gathers the manifest and describes the lake; and of each file
MEGABYTES_PER_FILE = 0.0045  # of 100,000 made-up ones

# While a worker plans the customers it holds more of them than later. By benchmarks/largest_parts.py: 2,148 MB for the 10.1
# million of `enterprise`, which none of the measured runs comes near.
PLANNING_MEGABYTES, PLANNING_MEGABYTES_PER_CUSTOMER = 150, 0.0002

# What the rows of a table grow with: products of sizes, joined by ×.
ROWS: dict[str, tuple[str, ...]] = {
    "ref.currencies": ("currencies",),
    "ref.markets": ("markets",),
    "ref.countries": ("countries",),
    "ref.tax_rates": ("countries", "countries × years"),
    "ref.fx_rates": ("currencies × years",),
    "ref.country_holidays": ("countries × years",),
    "pim.product_categories": ("sales",),
    "pim.products": ("products",),
    "pim.product_withdrawals": ("products × years",),
    "pim.product_prices": ("products × markets", "products × markets × years"),
    "pim.product_costs": ("products", "products × years"),
    "mkt.promotions": ("markets × years",),
    "mkt.promotion_products": ("products × markets × years",),
    "crm.territories": ("sales", "countries"),
    "crm.sales_reps": ("sales", "seats", "seats × years"),
    "crm.territory_assignments": ("seats", "seats × years"),
    "crm.sales_targets": ("seats × months on sale",),
    "crm.customers": ("customers",),
    "crm.customer_addresses": ("customers",),
    "crm.customer_changes": ("customers", "customers × years"),
    "wms.warehouses": ("warehouses",),
    "oms.orders": ("orders",),
    "oms.order_lines": ("orders",),
    "oms.order_events": ("orders",),
    "wms.shipments": ("orders",),
    "wms.shipment_lines": ("orders",),
    "wms.stock_movements": ("orders", "products × warehouses × years"),
    "wms.stock_snapshots": ("orders", "products × warehouses × years"),
    "fin.invoices": ("orders",),
    "fin.invoice_lines": ("orders",),
    "fin.payments": ("orders",),
    "fin.payment_allocations": ("orders",),
    "rma.returns": ("orders",),
    "rma.return_lines": ("orders",),
    "truth.lost_sales": ("orders",),
    "truth.business_events": ("markets × years", "products × warehouses × years"),
    "truth.demand_factors": ("countries × years",),
    "truth.latent_customers": ("customers",),
    "truth.latent_products": ("products",),
    "truth.injected_defects": ("orders",),
    "iam.organizations": ("organizations",),
    "iam.roles": ("organizations",),
    "iam.role_permissions": ("organizations",),
    "iam.users": ("organizations", "units"),
    "iam.memberships": ("organizations", "units"),
    "iam.api_keys": ("organizations", "units"),
    "asset.sites": ("sites",),
    "asset.plants": ("plants",),
    "asset.units": ("units",),
    "asset.equipment": ("units",),
    "asset.control_loops": ("units",),
    "asset.tags": ("tags",),
    "asset.tag_limits": ("tags",),
    "historian.readings": ("tags × days",),
    "historian.ingest_files": ("units × days",),
    "alarm.events": ("tags × days",),
    "batch.batches": ("batch units × days",),
    "batch.phases": ("batch units × days",),
    "lims.samples": ("units × days",),
    "cmms.calibrations": ("tags", "tags × days"),
    "cmms.work_orders": ("units × days",),
    "cmms.work_order_events": ("units × days",),
    "logbook.entries": ("units × days",),
    "truth.logbook_subjects": ("units × days",),
    "truth.faults": ("faults",),
    "truth.defects": ("units", "units × days"),
    "truth.trips": ("faults",),
}

# What the files of a family's tables grow with, where there is more than one.
FILES: dict[str, tuple[str, ...]] = {
    "exchange": ("years",),
    "holidays": ("one", "years"),
    "prices": ("one", "years"),
    "costs": ("one", "years"),
    "promotions": ("one", "years"),
    "economy": ("one", "years"),
    "stock_outs": ("one", "years"),
    "customers": ("customer parts",),
    "latents": ("one", "customers"),
    "documents": ("document parts",),
    "stock_snapshots": ("months on sale",),
    "historian": ("units × months",),
}
FILES_OF_READINGS = ("units × days",)

# What the processor's time and the largest process grow with. Every process plans for itself.
OF_PROCESSES = ("processes", "processes × chemical", "processes × customers")
OF_PARTS = ("countries", "orders", "customers × document parts", "units", "units × days", "tags × days")
MEMORY = {"sales": ("one", "customers", "largest document part"), "chemical": ("one",)}  # of either half, which take turns

Sizes = Mapping[str, float]


class Run(msgspec.Struct, frozen=True):
    """A measured run of the generating command. `tables` has files, rows and bytes by name."""

    scenario: Scenario
    workers: int
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    tables: dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Amount:
    """How much of a table there is, or of all."""

    files: int
    rows: int
    bytes: int


@dataclass(frozen=True)
class Capacity:
    """What a scenario takes with a number of workers. The driver gathers the manifest; a single worker does that as well."""

    parts: int
    tables: dict[str, Amount]
    cpu_seconds: float
    wall_seconds: float
    worker_megabytes: float
    driver_megabytes: float

    @property
    def total(self) -> Amount:
        """All tables together."""
        amounts = self.tables.values()
        return Amount(sum(one.files for one in amounts), sum(one.rows for one in amounts), sum(one.bytes for one in amounts))


def measured_runs() -> list[Run]:
    """The runs of our own."""
    return [msgspec.json.decode(line, type=Run) for line in RUNS_FILE.read_bytes().splitlines()]


def capacity(scenario: Scenario, workers: int, runs: Sequence[Run]) -> Capacity:
    """What a scenario takes, judged by measured runs. Raises ScenarioError when it cannot be planned."""
    planned = sizes(scenario) | {"processes": _processes(workers)}
    known = [(run, sizes(run.scenario) | {"processes": _processes(run.workers)}) for run in runs]
    tables = dict(_tables(scenario, planned, known))
    files = sum(amount.files for amount in tables.values())
    tables[MANIFEST] = _manifest(files, runs)

    rates = _rates((*OF_PROCESSES, *OF_PARTS), [(size, run.cpu_seconds) for run, size in known])
    starting = sum(rates[term] * _value(term, planned) for term in OF_PROCESSES)
    working = sum(rates[term] * _value(term, planned) for term in OF_PARTS)
    megabytes = max(_megabytes(domain, planned, known) for domain in scenario.domains)
    return Capacity(
        parts=round(planned["parts"]),
        tables=tables,
        cpu_seconds=starting + working,
        wall_seconds=starting / planned["processes"] * min(workers, 2) + working / workers,
        worker_megabytes=megabytes,
        driver_megabytes=DRIVER_MEGABYTES + MEGABYTES_PER_FILE * files + (megabytes if workers == 1 else 0),
    )


def _megabytes(domain: str, planned: Sizes, known: Sequence[tuple[Run, Sizes]]) -> float:
    """The peak of a process that plans and makes one half."""
    alone = [(size, run.peak_megabytes) for run, size in known if run.scenario.domains == (domain,)]
    planning = PLANNING_MEGABYTES + PLANNING_MEGABYTES_PER_CUSTOMER * planned.get("customers", 0)
    return max(_estimate(MEMORY[domain], alone, planned), planning)


def _processes(workers: int) -> int:
    """One worker is the command itself; more are processes beside it."""
    return workers if workers == 1 else workers + 1


def _tables(scenario: Scenario, planned: Sizes, known: Sequence[tuple[Run, Sizes]]) -> Iterator[tuple[str, Amount]]:
    family_of = {table: family.name for family in families(scenario) for table in family.tables}
    family_of |= {table: family.name for family in derived(scenario) for table in family.tables}
    for table, family in sorted(family_of.items()):
        terms = FILES_OF_READINGS if table == READINGS else FILES.get(family, ("one",))
        found = [(size, Amount(*run.tables[table])) for run, size in known if table in run.tables]
        files = _estimate(terms, [(size, amount.files) for size, amount in found], planned)
        rows = _estimate(ROWS[table], [(size, amount.rows) for size, amount in found], planned)
        files = max(files, 1)  # an empty table has a file as well
        yield table, Amount(round(files), round(rows), _bytes(files, rows, [amount for _, amount in found]))


def _bytes(files: float, rows: float, found: Sequence[Amount]) -> int:
    """A file has a head and a foot, however few its rows."""
    samples = [({"files": amount.files, "rows": amount.rows}, amount.bytes) for amount in found]
    return round(_estimate(("files", "rows"), samples, {"files": files, "rows": rows}))


def _manifest(files: int, runs: Sequence[Run]) -> Amount:
    """The manifest as a table: a row for every file of the others."""
    return Amount(1, files, _bytes(1, files, [Amount(*run.tables[MANIFEST]) for run in runs]))


def _estimate(terms: Sequence[str], samples: Sequence[tuple[Sizes, float]], planned: Sizes) -> float:
    return sum(rate * _value(term, planned) for term, rate in _rates(terms, samples).items())


def _rates(terms: Sequence[str], samples: Sequence[tuple[Sizes, float]]) -> dict[str, float]:
    """How much of each term makes the amounts of the samples: least squares, each amount as uncertain as a count of it."""
    amounts = np.array([amount for _, amount in samples], dtype=np.float64)
    weights = 1 / np.sqrt(np.maximum(amounts, 1))
    matrix = np.array([[_value(term, size) for term in terms] for size, _ in samples])
    rates, _ = nnls(matrix * weights[:, None], amounts * weights)
    return dict(zip(terms, rates.tolist(), strict=True))


def _value(term: str, size: Sizes) -> float:
    return math.prod(size.get(name, 0) for name in term.split(" × "))
