"""The command line of accounts: sub-commands of `python ingest/run.py`."""

from __future__ import annotations

import argparse


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-commands; each sets `run`, a function from its options to the exit code."""
