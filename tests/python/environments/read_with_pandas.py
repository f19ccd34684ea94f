"""Run in the environment `clients`: reads every Parquet file below a folder and writes what pandas made of it."""

import sys
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped] # of its own environment

source, folder = map(Path, sys.argv[1:])
for path in sorted(source.glob("*/*.parquet")):
    frame = pd.read_parquet(path)
    assert list(frame.index) == list(range(len(frame)))
    frame.to_parquet(folder / f"{path.parent.name}.{path.stem}.parquet", index=False)
