"""Saltworks' generators: from a scenario to a lake of Parquet files."""

__version__ = "0.1.0"
