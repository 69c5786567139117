# Everything a newcomer needs; `make` alone lists it. Needs only make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 9090
KIOSK_PORT ?= 8080
CONTRACT ?= kiosk
JOBS ?= $(if $(CI),4,3)
# Whoever waits gets two cases of each test, the first and the last, and a few tests of each file that takes long.
CASES ?= $(if $(CI),,--cases 2)

.DEFAULT_GOAL := help
.PHONY: help run kiosk test mutants presses lint format bench docs clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "payments-mock needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

# Looking the tests through compiles them, once here instead of once in each worker of their first run.
$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --collect-only --quiet >/dev/null || true
	@touch $@ $(VENV)/.runtime

$(VENV)/.docs: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@ $(VENV)/.dev $(VENV)/.runtime

# Where Python is told to write no bytecode, it would compile every module again at each start.
$(VENV)/.compiled: $(VENV)/.runtime $(shell find payments_mock -name '*.py')
	@$(BIN)/python -m compileall -q payments_mock
	@touch $@

run: $(VENV)/.compiled ## Start the mock provider on port 9090 (PORT=9191 takes another)
	@exec $(BIN)/payments-mock serve --port $(PORT)

kiosk: $(VENV)/.compiled ## Start the sample kiosk with its provider (CONTRACT=toss KIOSK_PORT=8888 choose)
	@exec $(BIN)/payments-mock kiosk --with-provider --provider-port $(PORT) --contract $(CONTRACT) --port $(KIOSK_PORT)

# Measuring coverage slows Python down by half, so only the tests of the parts are measured; what scenarios, browsers
# and the tests of whole servers run has been measured then. More workers than cores, as many tests wait for a clock;
# for the same reason both halves run side by side, the second one's report shown when the first has ended. With CI,
# where much more is tried, one comes after the other. Each worker would compile all tests anew where Python is told
# to write no bytecode.
WHOLES := $(addprefix tests/,acceptance architecture bad_input benchmarks browser chaos docs races)
RUN = $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(CASES)
# The scenarios of the kiosk are measured, as no test of a part goes its whole ways.
PARTS = $(RUN) --cov --cov-report=term tests step_defs/kiosk $(addprefix --ignore ,$(WHOLES))
# Where it runs beside the parts, one worker fewer: each takes seconds to begin, and starts a browser.
SCENARIOS = $(if $(CI),$(RUN),$(RUN) -n 2) step_defs --ignore step_defs/kiosk $(WHOLES)
# One process a core, as each certifies several merchants side by side.
MUTANTS = MUTANTS=all $(BIN)/python -m pytest -n 2 --maxschedchunk 1 tests/certify/test_merchants.py
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev $(VENV)/.compiled ## Run the tests, the feature files included, against real server processes
ifdef CI
	$(PARTS)
	$(SCENARIOS)
	$(MUTANTS)
else
	@echo 'Scenarios and pages are tested beside this; their report comes last.'
	@$(SCENARIOS) >$(VENV)/scenarios.txt 2>&1 & scenarios=$$!; trap 'kill $$scenarios; exit 130' INT TERM; \
	$(PARTS); parts=$$?; wait $$scenarios; missed=$$?; cat $(VENV)/scenarios.txt; exit $$((parts ? parts : missed))
endif

mutants: $(VENV)/.dev $(VENV)/.compiled ## Certify every sound and every broken merchant of the tests (8 minutes)
	$(MUTANTS)

presses: $(VENV)/.dev $(VENV)/.compiled ## Press Pay in 300 throttled windows of each kind (15 minutes)
	CI=true PRESSES=300 $(BIN)/python -m pytest tests/browser/checkout/test_no_lost_press.py

lint: $(VENV)/.dev ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## Put the code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

BENCHES := benchmarks benchmarks.scale benchmarks.lists benchmarks.control benchmarks.inspector benchmarks.peers

bench: $(VENV)/.bench $(VENV)/.compiled ## Measure speed, as ratios to a bare Flask app, of PostgreSQL and to another mock
	@missed=0; for bench in $(BENCHES); do $(BIN)/python -m $$bench || missed=1; done; exit $$missed

docs: $(VENV)/.docs ## Build the site of the documents in site/, and fail for a link that leads nowhere
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

clean: ## Remove the venv and everything that can be made again
	rm -rf $(VENV) build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
	find . -path ./$(VENV) -prune -o -name __pycache__ -prune -exec rm -rf {} +
