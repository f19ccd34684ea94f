"""Run in the environment `judges`: one judge over a lake, every complaint a line of its own; exit code 1 when there is any.

judge_lake.py datacontract <folder of *.odcs.yaml> <folder that holds data/lake> [source]
judge_lake.py frictionless <lake>
judge_lake.py mlcroissant <lake>
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Python reads rows one by one here: enough of them to meet every column, and all of most tables.
ROWS = 500


def datacontract(contracts: str, root: str, source: str = "*") -> Iterator[str]:
    from datacontract.data_contract import DataContract  # type: ignore[import-not-found] # of its own environment

    os.chdir(root)
    for path in sorted(Path(contracts).glob(f"{source}.odcs.yaml")):
        for check in DataContract(data_contract_file=str(path)).test().checks:
            # What the tool says it cannot check in Parquet files it passes with a warning.
            if check.result in ("failed", "error"):
                yield f"{path.name}: {check.name}: {check.reason}"


def frictionless(lake: str) -> Iterator[str]:
    from frictionless import Checklist, Package  # type: ignore[import-not-found] # of its own environment

    # Of Parquet files the tool does not count the bytes, and takes the missing figure for a wrong one.
    checklist = Checklist(skip_errors=["byte-count", "hash-count"])
    for error in Package(f"{lake}/datapackage.json").validate(checklist, limit_rows=ROWS).flatten(["title", "message"]):
        yield ": ".join(map(str, error))


def mlcroissant(lake: str) -> Iterator[str]:
    from mlcroissant import Dataset  # type: ignore[import-not-found] # of its own environment

    dataset = Dataset(jsonld=f"{lake}/croissant.json")
    yield from dataset.metadata.ctx.issues.errors
    for records in dataset.metadata.record_sets:
        try:
            for record in itertools.islice(dataset.records(records.uuid), ROWS):
                missing = [field.uuid for field in records.fields if field.uuid not in record]
                if missing:
                    yield f"{records.uuid}: no {', '.join(missing)}"
                    break
        except Exception as error:  # whatever the judge raises is its complaint
            yield f"{records.uuid}: {error}"


JUDGES: dict[str, Callable[..., Iterator[str]]] = {
    "datacontract": datacontract,
    "frictionless": frictionless,
    "mlcroissant": mlcroissant,
}

if __name__ == "__main__":
    judge, *arguments = sys.argv[1:]
    complaints = list(JUDGES[judge](*arguments))
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
