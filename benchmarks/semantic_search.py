"""How fast the search indexes and answers at 100,000 documents on the embedded engine, without the time of embedding.

The documents are those of a lake, over and over, each time under other names; their vectors are random, for the time does not
depend on what they mean. Indexing is timed from a document to the flushed point: content hash, BM25, vectors, payload and
payload indexes; building the graphs of large tenants is timed apart. A query is hybrid (dense, BM25 with the tenant's own IDF,
payloads of the ten best) and narrowed to one kind; the median and the 95th percentile of 300, once with four tenants of 25,000
documents and once with one of 100,000. Processor time stands beside the time on the clock, since it is what a busy machine
does not change much. Appends one line of JSON to benchmarks/results/semantic_search.jsonl.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
from main_job import ROOT, machine

from semantic.documents import Document, documents_of
from semantic.embedded import EmbeddedEngine
from semantic.embedders import Vectors
from semantic.indexing import bring_up_to_date
from semantic.lake import open_lake, organizations
from semantic.retrieval import search
from semantic.store import AnyOf, TenantStore

RESULTS = ROOT / "benchmarks" / "results" / "semantic_search.jsonl"
QUERIES = (
    "valve sticks",
    "temperature of the cooling water behind the condenser",
    "no signal from the transmitter",
    "round done",
)


class Prepared:
    """Random unit vectors from a stock: what an embedder gives, without its time."""

    name = "prepared"
    dimension = 384

    def __init__(self) -> None:
        drawn = np.random.default_rng(1).normal(size=(8192, self.dimension)).astype(np.float32)
        self._stock = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        self._next = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, 384), the next ones of the stock."""
        self._next += len(texts)
        return np.take(self._stock, range(self._next - len(texts), self._next), axis=0, mode="wrap")


def main() -> int:
    """Measure both divisions of the documents among tenants and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", type=Path, default=Path(os.environ.get("SALTWORKS_LAKE") or ROOT / "data" / "lake"))
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--tenants", type=int, nargs="+", default=[4, 1])
    options = parser.parse_args()
    with open_lake(options.lake) as lake:
        started = time.perf_counter()
        documents = [document for organization in organizations(lake) for document in documents_of(lake, organization.org_id)]
        read = len(documents) / (time.perf_counter() - started)
    print(f"{read:,.0f} documents a second are read from the lake")
    for tenants in options.tenants:
        found = _measure(documents, options.documents, tenants)
        line = {
            **machine(), "documents": options.documents, "tenants": tenants, "read_per_second": round(read), **found,
        }  # fmt: skip
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(", ".join(f"{key} {value}" for key, value in line.items()))
    return 0


def _measure(documents: Sequence[Document], number: int, tenants: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        embedder = Prepared()
        engine = EmbeddedEngine(Path(folder), embedder.name, embedder.dimension, writes=True)
        stores = [TenantStore(engine, org_id) for org_id in range(1, tenants + 1)]
        seconds = processor_seconds = 0.0
        for store in stores:
            many = list(islice(_copies(documents), number // tenants))
            started, processor = time.perf_counter(), time.process_time()
            bring_up_to_date(store, many, embedder, lambda done, total: None)
            seconds += time.perf_counter() - started
            processor_seconds += time.process_time() - processor
        started = time.perf_counter()
        engine.settle()
        settled = time.perf_counter() - started
        milliseconds, processor_milliseconds = [], []
        for turn in range(300):
            started, processor = time.perf_counter(), time.process_time()
            hits = search(stores[turn % tenants], embedder, QUERIES[turn % len(QUERIES)], [AnyOf("kind", ("log_entry",))])
            milliseconds.append((time.perf_counter() - started) * 1000)
            processor_milliseconds.append((time.process_time() - processor) * 1000)
            assert len(hits) == 10
        engine.close()
    return {
        "indexed_per_second": round(number / seconds),
        "indexed_per_processor_second": round(number / processor_seconds),
        "graph_seconds": round(settled, 1),
        "query_ms_median": round(statistics.median(milliseconds), 2),
        "query_ms_p95": round(statistics.quantiles(milliseconds, n=20)[-1], 2),
        "query_processor_ms_median": round(statistics.median(processor_milliseconds), 2),
    }


def _copies(documents: Sequence[Document]) -> Iterator[Document]:
    for copy in count():
        for document in documents:
            yield replace(document, document=f"{document.document}-{document.org_id}-{copy}", text=f"{document.text} ({copy})")


if __name__ == "__main__":
    sys.exit(main())
