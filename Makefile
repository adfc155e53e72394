# Two commands: `make site` builds the demo shop, `make test` proves the program. Everything they need they install.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One more than there are cores: many tests wait for a browser or for a program that they started.
JOBS ?= $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu) + 1)

.PHONY: site test lint types layers pytest tools soak bench bench-live clean

site: $(STAMP)
	@$(BIN)/ccgen build
	@echo
	@echo "  The shop is in site/. To look at it:"
	@echo "  python3 -m http.server -d site 8000      then open http://localhost:8000/"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

test: lint types layers pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

tools: $(STAMP)
	@bash tests/tools.sh

# These run whole builds by the hundred: counting lines would double their time, and they reach none that others do not.
LONG = tests/bench tests/check/test_page_rules_demo.py tests/check/test_rules_demo.py tests/demo tests/machine \
	tests/write/test_killed_builds.py

pytest: tools
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(JOBS) --dist worksteal $(LONG:%=--ignore=%)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=90
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(LONG)

# Edits a site at random 5,000 times, each held to a clean build, kills 200 builds, and edits under a preview: about 40 minutes
soak: $(STAMP)
	MACHINE_STEPS=5000 KILLED_BUILDS=200 $(BIN)/python -m pytest tests/machine tests/write/test_killed_builds.py -n $(JOBS)
	PREVIEW_EDITS=2000 $(BIN)/python -m pytest tests/preview/test_preview_random.py

# Compares whole builds with Hugo's and Pelican's on one corpus: benchmarks/README.md
bench: $(STAMP)
	$(BIN)/python -m benchmarks.compare $(BENCH)

# From a save to the browser's page
bench-live: $(STAMP)
	$(BIN)/python -m benchmarks.live $(BENCH)

clean: $(STAMP)
	$(BIN)/ccgen clean
