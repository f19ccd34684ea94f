# Saltworks: `make` lists what there is.
SHELL := /bin/bash
PRESET ?= medium
PYTHON ?= python3
BIN := .venv/bin

# What runs below finds dbt, python and sqlfluff of this project first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup demo generate build report picture index scorecard export test judges lint format contract golden docs bench capacity clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/locked ## create .venv and install what requirements.lock names

# uv installs the lock with its hashes; its own version is the lock's as well.
.venv/locked: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Saltworks needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[0-9.]*\).*/\1/p' requirements.lock)"
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	touch $@

demo: setup ## the main job: generate PRESET (medium), build the warehouse and the report
	python generators/run.py --preset $(PRESET)
	dbt build --quiet
	python -m report
	@echo "the warehouse is data/warehouse.duckdb: see «What to query first» in README.md"

generate: setup ## generate the lake of PRESET
	python generators/run.py --preset $(PRESET)

build: setup ## build and test the warehouse from the lake
	dbt build

report: setup ## one page that shows what the warehouse holds, target/report/index.html
	python -m report

picture: report ## take the picture of the report for README.md; needs Chromium
	python -m report.picture

index: setup ## index the lake for the search (docs/search.md)
	python semantic/run.py index

scorecard: setup ## print how the warehouse compares with published facts
	python -m report.scorecard

export: setup ## the marts as Parquet, as CSV and as one DuckDB file, into data/export
	python -m report.export

test: setup ## the whole test suite
	python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --durations=25

judges: setup ## outside judges of contract, lake and metrics, each in an environment of its own
	python -m pytest -n 2 --dist loadscope tests/python/judge_*.py

lint: setup ## ruff, mypy, sqlfluff and the freshness of what is generated from the contract
	ruff check .
	ruff format --check .
	mypy
	sqlfluff lint --disable-progress-bar
	python -m generators.schema.contract --check

format: setup ## let ruff and sqlfluff mend what they can
	ruff check --fix .
	ruff format .
	sqlfluff fix --disable-progress-bar

contract: setup ## write the dbt sources, docs/data-contract.md and docs/contract from generators/schema
	python -m generators.schema.contract

golden: setup ## write the golden digests anew, after a wanted change of the data
	python -m tests.python.golden

docs: setup ## the dbt docs as one file, target/static_index.html
	dbt docs generate --static

bench: setup ## every benchmark, beside its rivals, into benchmarks/results
	python benchmarks/main_job.py --preset $(PRESET)
	python benchmarks/growth.py
	python benchmarks/sales_generation.py --preset $(PRESET)
	python benchmarks/writing_limit.py --preset $(PRESET)
	python benchmarks/plant_generation.py --preset $(PRESET)
	python benchmarks/process_monitoring.py
	python benchmarks/rollups.py
	python benchmarks/ingestion.py --preset $(PRESET)
	python benchmarks/row_level_security.py
	python benchmarks/semantic_search.py
	python benchmarks/table.py

capacity: setup ## measure small presets anew for the capacity plan, after a change of the data or of the machine
	python benchmarks/capacity.py

clean: ## remove what was generated and built; the environment stays
	rm -rf data target logs spark-warehouse metastore_db derby.log
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
